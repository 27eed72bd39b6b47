#include <nestcpp/dto/json_text.hpp>

#include <nestcpp/dto/json_cursor.hpp>
#include <nestcpp/dto/json_writer.hpp>

namespace nestcpp {

json_text json_text::parse(std::string_view json, unsigned max_depth) {
  validation_options options;
  options.max_depth = max_depth;
  return from_json<json_text>(json, options);
}

json_text json_text::from_value(const boost::json::value& value) {
  std::string text;
  append_json_value(text, value);
  return from_text(std::move(text));
}

boost::json::value json_text::value() const {
  boost::json::value value;
  if (!text_.empty()) read_json(text_, value).throw_if_failed();
  return value;
}

bool json_codec<json_text>::read(json_cursor& in, json_text& out) {
  std::string_view span;
  if (!in.raw_value(span)) return false;
  std::string text;  // the cursor has bounded the depth
  if (!append_normalized_json(text, span, ~0U)) return in.fail();
  out = json_text::from_text(std::move(text));
  return true;
}

void json_codec<json_text>::write(json_writer& out, const json_text& value) {
  if (value.has_value()) {
    out.raw(std::string_view{value.text()});
  } else {
    out.null();
  }
}

template <>
read_result read_json<json_text>(std::string_view text, json_text& out, const validation_options& options) {
  out = {};
  std::string normal;
  if (text.empty()) return {};
  if (append_normalized_json(normal, text, options.max_depth)) {
    out = json_text::from_text(std::move(normal));
    return {};
  }
  boost::json::value ignored;
  return read_result{detail::load_document(text, options.max_depth, ignored).value()};
}

template <>
json_text from_json<json_text>(std::string_view text, const validation_options& options) {
  json_text out;
  read_json(text, out, options).throw_if_failed();
  return out;
}

}  // namespace nestcpp
