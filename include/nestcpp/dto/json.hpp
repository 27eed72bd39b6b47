#pragma once
/// @file nestcpp/dto/json.hpp
/// @brief JSON text ↔ DTOs: `read_json`, `from_json`, `write_json`, `to_json`.
///
/// Types: `bool`, integers, `double`, `float`, `std::string`, `std::optional`, `maybe`, `std::vector`, `std::array`,
/// `std::set`, `std::unordered_set`, `std::map` and `std::unordered_map` with string keys, `std::variant`,
/// `tagged_variant`, `NEST_ENUM` enumerations, `uuid`, `timestamp`, `std::chrono::year_month_day`, durations,
/// `decimal`, `boost::json::value` (anything), DTOs, and what has a `json_codec`.

#include <nestcpp/dto/detail/judge.hpp>
#include <nestcpp/dto/detail/object_codec.hpp>
#include <nestcpp/dto/validation.hpp>
#include <nestcpp/dto/validation_options.hpp>

#include <string>
#include <string_view>

namespace nestcpp {

namespace detail {

inline json_input input_of(std::string_view text, const validation_options& options) {
  json_input in{text.data(),
                text.data() + text.size(),
                options.max_depth,
                options.whitelist && options.forbid_non_whitelisted,
                options.skip_undefined_properties || options.skip_missing_properties,
                options.skip_null_properties || options.skip_missing_properties};
  in.options = &options;
  return in;
}

// The whole text into the object, or false without a reason.
template <class T>
bool read_whole(std::string_view text, T& out, const validation_options& options, bool unchecked) {
  if (text.empty()) return false;
  json_input in = input_of(text, options);
  if (unchecked) {
    in.unchecked = true;
    in.forbid_unknown = false;
  }
  rule_value seen;
  const char* p = value_codec<T>::read(skip_space(in.begin, in.end), in, out, seen, any_item{});
  return p != nullptr && skip_space(p, in.end) == in.end && !in.gap;
}

}  // namespace detail

/// Reads a payload into `out`, checking all rules; the members' memory is used again. What the text does not name gets
/// its initialiser's value. An empty text (no payload) and `null` are read as `{}`; for other types than DTOs only as
/// null.
/// @return what was wrong, with all messages in class-validator's order; after a failure `out` holds anything.
/// @par Exceptions `std::bad_alloc`, and what functions of `transform`, `validate_if` and rules throw.
template <class T>
read_result read_json(std::string_view text, T& out, const validation_options& options = default_validation_options) {
  if (!options.choose_rules() && detail::read_whole(text, out, options, false)) [[likely]]
    return {};
  return detail::judge<T>(text, out, options);
}

/// The same into a new object.
/// @throws json_syntax_error, validation_exception, what `exception_factory` makes of the errors
template <class T>
[[nodiscard]] T from_json(std::string_view text, const validation_options& options = default_validation_options) {
  T out{};
  if (options.choose_rules() || !detail::read_whole(text, out, options, false)) [[unlikely]] {
    detail::judge<T>(text, out, options).throw_if_failed();
  }
  return out;
}

/// Appends the value as JSON, in the order of its fields. An empty optional is written as null, or left out with
/// `omit_empty()`.
/// @param options which fields with `expose({…})` are written
template <class T>
void write_json(std::string& out, const T& value, const serialize_options& options = default_serialize_options) {
  json_writer writer{out, detail::value_codec<T>::size_hint(value), options};
  detail::value_codec<T>::write(writer, value);
}

/// The same as a text of its own.
template <class T>
[[nodiscard]] std::string to_json(const T& value, const serialize_options& options = default_serialize_options) {
  std::string out;
  write_json(out, value, options);
  return out;
}

}  // namespace nestcpp
