#pragma once
/// @file nestcpp/http/http_headers.hpp
/// @brief Header fields in the order they came, with names that compare without regard to case.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

/// @par Thread safety Not safe.
class http_headers {
 public:
  using field = std::pair<std::string, std::string>;

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

  /// Replaces all values of that name.
  /// @throws std::invalid_argument for a name that is no token, or a value with control characters: such a header could
  /// carry a second one.
  void set(std::string_view name, std::string value);
  /// Adds a value, for headers that occur several times (`Set-Cookie`). @throws as `set`
  void add(std::string_view name, std::string value);
  void remove(std::string_view name) noexcept;

  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }

 private:
  std::vector<field> fields_;
};

namespace detail {
/// ASCII letters only, which is all that HTTP's names and our paths need.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// What may be a header's name or a method: HTTP's `token`.
[[nodiscard]] bool is_http_token(std::string_view text) noexcept;
/// Without blanks and tabs at the ends.
[[nodiscard]] std::string_view trim_blanks(std::string_view text) noexcept;
/// No control characters but the tab.
[[nodiscard]] bool is_header_value(std::string_view text) noexcept;
}  // namespace detail

}  // namespace nestcpp
