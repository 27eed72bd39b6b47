#pragma once
/// @file nestcpp/dto/json_text.hpp
/// @brief Any JSON value as text, in the one form JavaScript would print it.

#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/json_codec.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace nestcpp {

/// Appends what JavaScript's `JSON.stringify(JSON.parse(json))` gives: no white space; of a repeated key the first
/// place and the last value; keys that are array indices first, in ascending order; numbers as doubles in their
/// shortest form
/// (`1.0` → `1`, `9007199254740993` → `9007199254740992`, `-0` → `0`, `1e999` → `null`); strings with as few escapes as
/// `JSON.stringify` uses, lone surrogates as `\udxxx`. Takes time in proportion to the text, and no stack for its
/// depth.
/// @return false, with `out` as it was: the text is no JSON, or nested deeper than `max_depth`
[[nodiscard]] bool append_normalized_json(std::string& out, std::string_view json, unsigned max_depth = 512);

/// Any JSON value, or nothing (JavaScript's `undefined`): the parameter and result of handlers that take whatever
/// comes, `nest::json_text echo(nest::json_text data) { return data; }`, and a member of DTOs. As a parameter it is the
/// payload in the form of `append_normalized_json`, nothing where the message has no `data`; as a result nothing is a
/// reply without a value. In a DTO a missing property is nothing, and nothing is written as null.
class json_text {
 public:
  json_text() = default;

  /// @param json must be JSON; it is kept as it is
  [[nodiscard]] static json_text from_text(std::string json) {
    json_text result;
    result.text_ = std::move(json);
    return result;
  }
  /// Normalises the text; an empty one is nothing. @throws json_syntax_error
  [[nodiscard]] static json_text parse(std::string_view json, unsigned max_depth = 512);
  [[nodiscard]] static json_text from_value(const boost::json::value& value);
  /// Any value that can be a member of a DTO.
  template <class T>
  [[nodiscard]] static json_text of(const T& value) {
    return from_text(to_json(value));
  }

  [[nodiscard]] bool has_value() const noexcept { return !text_.empty(); }
  /// Empty where there is no value.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Null where there is no value.
  [[nodiscard]] boost::json::value value() const;

  bool operator==(const json_text&) const = default;

 private:
  std::string text_;
};

template <>
struct json_codec<json_text> {
  static constexpr std::string_view expected = "must be a JSON value";
  static bool read(json_cursor& in, json_text& out);
  static void write(json_writer& out, const json_text& value);
};

/// An empty text is nothing.
template <>
read_result read_json<json_text>(std::string_view text, json_text& out, const validation_options& options);
template <>
[[nodiscard]] json_text from_json<json_text>(std::string_view text, const validation_options& options);

}  // namespace nestcpp
