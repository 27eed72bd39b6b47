#pragma once
/// @file nestcpp/dto/rules/matches.hpp
/// @brief The rule for texts that match an expression.

#include <nestcpp/dto/detail/pattern_syntax.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <string>
#include <string_view>
#include <tuple>

namespace nestcpp::detail {

// Whether JavaScript's expression matches anywhere in the text. @throws std::invalid_argument
[[nodiscard]] bool matches_pattern(std::string_view text, std::string_view pattern, std::string_view flags);
// As JavaScript prints it: /pattern/flags.
[[nodiscard]] std::string pattern_text(std::string_view pattern, std::string_view flags);

constexpr void check_pattern(std::string_view pattern, std::string_view flags) {
  pattern_checker checker;
  pattern_reader{pattern, parse_pattern_flags(flags), checker}.read();
}

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// A regular expression of JavaScript matches, as `test()` says: `matches(R"(^[a-z]{2}-\d+$)")`, `matches("^ok$",
/// "i")`. Flags: d and g (without effect), i, m, s, u. References to groups, lookbehind and `\p{…}` are not accepted:
/// then the program does not compile. The time is in proportion to the text, whatever the expression is.
struct matches {
  static constexpr std::string_view key = "matches";
  static constexpr std::string_view text = "$property must match $constraint1 regular expression";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view pattern;
  std::string_view flags;
  constexpr explicit matches(std::string_view p, std::string_view f = {}) : pattern{p}, flags{f} {
    detail::check_pattern(p, f);
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::matches_pattern(value.text, pattern, flags);
  }
  auto constraints() const { return std::tuple{detail::pattern_text(pattern, flags)}; }
};

}  // namespace nestcpp::rules
