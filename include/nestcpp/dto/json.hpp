#pragma once
/// @file nestcpp/dto/json.hpp
/// @brief JSON text ↔ DTOs: `read_json`, `from_json`, `write_json`, `to_json`.
///
/// Types: `bool`, integers, `double`, `float`, `std::string`, `std::optional`, `std::vector`, `std::map` and
/// `std::unordered_map` with string keys, `NEST_ENUM` enumerations, `uuid`, `timestamp`, `boost::json::value`
/// (anything), DTOs, and what has a `json_codec`.

#include <nestcpp/dto/detail/explain.hpp>
#include <nestcpp/dto/detail/object_codec.hpp>
#include <nestcpp/dto/validation.hpp>
#include <nestcpp/dto/validation_options.hpp>

#include <string>
#include <string_view>

namespace nestcpp {

namespace detail {

inline json_input input_of(std::string_view text, const validation_options& options) {
  return {text.data(),
          text.data() + text.size(),
          options.max_depth,
          options.whitelist && options.forbid_non_whitelisted,
          options.skip_undefined_properties || options.skip_missing_properties,
          options.skip_null_properties || options.skip_missing_properties};
}

// The whole text into the object, or false without a reason.
template <class T>
bool read_whole(std::string_view text, T& out, const validation_options& options) {
  if (text.empty()) return false;
  json_input in = input_of(text, options);
  rule_value seen;
  const char* p = value_codec<T>::read(skip_space(in.begin, in.end), in, out, seen, any_item{});
  return p != nullptr && skip_space(p, in.end) == in.end;
}

}  // namespace detail

/// Reads a payload into `out`, checking all rules; the members' memory is used again. What the text does not name gets
/// its initialiser's value. An empty text (no payload) and `null` are read as `{}`; for other types than DTOs only as
/// null.
/// @return what was wrong, with all messages in class-validator's order; after a failure `out` holds anything.
/// @par Exceptions `std::bad_alloc` only.
template <class T>
read_result read_json(std::string_view text, T& out, const validation_options& options = {}) {
  if (detail::read_whole(text, out, options)) [[likely]]
    return {};
  return detail::explain_failure<T>(text, out, options);
}

/// The same into a new object.
/// @throws json_syntax_error, validation_exception
template <class T>
[[nodiscard]] T from_json(std::string_view text, const validation_options& options = {}) {
  T out{};
  if (!detail::read_whole(text, out, options)) [[unlikely]] {
    detail::explain_failure<T>(text, out, options).throw_if_failed();
  }
  return out;
}

/// Appends the value as JSON, in the order of its fields. An empty optional is written as null, or left out with
/// `omit_empty()`.
template <class T>
void write_json(std::string& out, const T& value) {
  json_writer writer{out, detail::value_codec<T>::size_hint(value)};
  detail::value_codec<T>::write(writer, value);
}

/// The same as a text of its own.
template <class T>
[[nodiscard]] std::string to_json(const T& value) {
  std::string out;
  write_json(out, value);
  return out;
}

}  // namespace nestcpp
