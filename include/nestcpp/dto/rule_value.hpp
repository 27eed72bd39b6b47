#pragma once
/// @file nestcpp/dto/rule_value.hpp
/// @brief What a validation rule sees of a JSON value.

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nestcpp {

/// `undefined` is a property that is not there.
enum class json_kind : std::uint8_t { undefined, null, boolean, number, string, array, object };

/// A set of kinds.
using json_kinds = std::uint8_t;

template <class... Kind>
constexpr json_kinds kinds_of(Kind... kind) {
  return static_cast<json_kinds>(((1u << static_cast<unsigned>(kind)) | ... | 0u));
}
inline constexpr json_kinds any_kind = 0x7f;

namespace detail {
[[nodiscard]] std::size_t character_count(std::string_view text) noexcept;
}

/// A JSON value reduced to what rules look at; only the members that fit `kind` are set.
/// @par Lifetime `text` points into the payload or the DTO: valid during the check only.
struct rule_value {
  json_kind kind = json_kind::undefined;
  bool ascii = false;  ///< `text` is known to be ASCII.
  bool boolean = false;
  std::string_view text{};  ///< A string's characters; an array's own JSON text, unless `document` is set.
  double number = 0;
  std::size_t size = 0;                          ///< Items of an array, properties of an object.
  const boost::json::value* document = nullptr;  ///< An array that has been read as a document.

  [[nodiscard]] constexpr bool is_string() const { return kind == json_kind::string; }
  [[nodiscard]] constexpr bool is_number() const { return kind == json_kind::number; }
  [[nodiscard]] constexpr bool is_array() const { return kind == json_kind::array; }
  /// Missing or null.
  [[nodiscard]] constexpr bool is_nullish() const { return kind <= json_kind::null; }
  /// validator.js's length of a string: code points, not counting variation selectors that follow a character.
  [[nodiscard]] constexpr std::size_t length() const { return ascii ? text.size() : detail::character_count(text); }
};

}  // namespace nestcpp
