#pragma once
// A matcher for JavaScript's regular expressions that takes time in proportion to the text, whatever the expression is.

#include <nestcpp/dto/detail/pattern_syntax.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nestcpp::detail {

/// An expression as a finite automaton that is run from the text's end to its beginning: at each place it is known from
/// which steps the expression's end can be reached. So `(?=…)` is one more automaton that has already been run, and
/// nothing is tried twice. Immutable: any number of threads may use one.
class pattern {
 public:
  /// @throws std::invalid_argument no expression, or one that is not supported
  pattern(std::string_view text, std::string_view flags);

  /// JavaScript's `expression.test(text)`: whether it matches anywhere. Bytes that are no UTF-8 are U+FFFD.
  [[nodiscard]] bool test(std::string_view text) const;

 private:
  friend class pattern_builder;
  template <class Unit>
  class run;

  struct span {
    char32_t first, last;
  };
  struct character_set {
    std::uint64_t ascii[2]{};
    std::uint32_t first_span = 0, end_span = 0;  // beyond ASCII, in spans_
    bool negated = false;
  };
  enum class step_kind : std::uint8_t { accept, character, split, place, look_ahead, no_look_ahead };
  struct step {
    step_kind kind = step_kind::accept;
    pattern_place where{};
    std::uint32_t set = 0;  // character: an index in sets_; look-ahead: the automaton asked
    std::uint32_t automaton = 0;
    std::uint32_t first_before = 0, end_before = 0;  // steps that lead here, in before_
  };
  // Its steps lie side by side.
  struct automaton {
    std::uint32_t start = 0;
    std::uint32_t accept = 0;
  };

  [[nodiscard]] bool in(const character_set& set, char32_t unit) const;
  [[nodiscard]] bool listed(const character_set& set, char32_t unit) const;

  pattern_flags flags_;
  std::vector<character_set> sets_;
  std::vector<span> spans_;
  std::vector<step> steps_;
  std::vector<std::uint32_t> before_;
  std::vector<automaton> automata_;  // look-aheads before what holds them; the whole expression last
};

/// The matcher of an expression, made at its first use on this thread and kept.
/// @throws std::invalid_argument
[[nodiscard]] const pattern& compiled_pattern(std::string_view text, std::string_view flags);

}  // namespace nestcpp::detail
