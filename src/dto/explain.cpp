#include <nestcpp/dto/detail/explain.hpp>

#include <nestcpp/dto/detail/judge.hpp>
#include <nestcpp/dto/json_error.hpp>
#include <nestcpp/dto/text.hpp>

#include <boost/json/string.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace nestcpp::detail {

namespace {

// Text that the reader has refused: malformed, or JSON that is nested too deeply.
json_syntax_error diagnose(std::string_view text, unsigned max_depth) {
  if (const auto error = find_json_error(text)) return {error->told(), error->position};
  return {"Unexpected nesting of more than " + std::to_string(max_depth) + " levels in JSON", utf16_length(text)};
}

}  // namespace

std::optional<json_syntax_error> load_document(std::string_view text, unsigned max_depth, boost::json::value& out) {
  if (text.empty()) {
    out = nullptr;
    return std::nullopt;
  }
  const json_input in{text.data(), text.data() + text.size(), max_depth};
  const char* p = read_document(in.begin, in, out);
  if (p != nullptr && skip_space(p, in.end) == in.end) return std::nullopt;
  return diagnose(text, max_depth);
}

namespace {

void write_document(json_writer& out, const boost::json::value& value) {
  if (const auto* object = value.if_object()) {
    out.raw('{');
    bool first = true;
    for (const auto& entry : *object) {
      if (!first) out.raw(',');
      first = false;
      out.string(entry.key());
      out.raw(':');
      write_document(out, entry.value());
    }
    out.raw('}');
  } else if (const auto* array = value.if_array()) {
    out.raw('[');
    bool first = true;
    for (const auto& item : *array) {
      if (!first) out.raw(',');
      first = false;
      write_document(out, item);
    }
    out.raw(']');
  } else if (const auto* number = value.if_double(); number != nullptr && std::isinf(*number)) {
    out.raw(*number < 0 ? std::string_view{"-1e999"} : std::string_view{"1e999"});
  } else {
    out.value(value);
  }
}

}  // namespace

std::string document_text(const boost::json::value& document) {
  std::string text;
  json_writer out{text};
  write_document(out, document);
  out.finish();
  return text;
}

bool says_the_same(std::string_view text, const boost::json::value& judged) {
  boost::json::value sent;
  if (text.empty() || load_document(text, std::numeric_limits<unsigned>::max(), sent)) return false;
  return sent == judged;
}

boost::json::object properties_of(const boost::json::value& payload) {
  boost::json::object properties;
  if (const auto* object = payload.if_object()) {
    properties = *object;
  } else if (const auto* array = payload.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) properties.emplace(std::to_string(i), (*array)[i]);
  }
  return properties;
}

namespace {

// $value, where class-validator replaces it: a string, a number or a boolean.
bool append_value(std::string& out, const boost::json::value* value) {
  if (value == nullptr) return false;
  if (const auto* text = value->if_string()) {
    out += std::string_view{*text};
  } else if (const auto* flag = value->if_bool()) {
    out += *flag ? "true" : "false";
  } else if (value->is_number()) {
    append_json_number(out, value->to_number<double>());
  } else {
    return false;
  }
  return true;
}

bool take(std::string_view& text, std::string_view token) {
  if (text.substr(0, token.size()) != token) return false;
  text.remove_prefix(token.size());
  return true;
}

}  // namespace

std::string fill_message(std::string_view text, const message_arguments& arguments) {
  constexpr std::string_view constraint_token = "$constraint";
  std::string message;
  while (!text.empty()) {
    const std::size_t token = text.find('$');
    message += text.substr(0, token);
    if (token == std::string_view::npos) break;
    text.remove_prefix(token);
    if (take(text, "$property")) {
      message += arguments.property;
      continue;
    }
    if (take(text, "$target")) {
      message += arguments.target_name;
      continue;
    }
    if (std::string_view rest = text; take(rest, "$value") && append_value(message, arguments.value)) {
      text = rest;
      continue;
    }
    std::size_t index = 0;
    if (text.substr(0, constraint_token.size()) == constraint_token) {
      const char* const digits = text.data() + constraint_token.size();
      const auto [rest, error] = std::from_chars(digits, text.data() + text.size(), index);
      if (error == std::errc{} && index >= 1 && index <= arguments.constraints.size()) {
        message += arguments.constraints[index - 1];
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
        continue;
      }
    }
    message += '$';
    text.remove_prefix(1);
  }
  return message;
}

validation_error extra_property(std::string_view name, const boost::json::value& value,
                                const validation_options& options) {
  validation_error error{std::string{name}};
  if (options.validation_error.value) error.value = value;
  error.add("whitelistValidation", "property " + std::string{name} + " should not exist");
  return error;
}

validation_error unknown_object() {
  validation_error error;
  error.add("unknownValue", "an unknown value was passed to the validate function");
  return error;
}

void keep_error(std::vector<validation_error>& errors, validation_error&& error) {
  if (error.constraints.empty() && error.children.empty()) return;
  if (!error.children.empty()) error.value.reset();
  errors.push_back(std::move(error));
}

void keep_error(std::vector<validation_error>& errors, validation_error&& error, const boost::json::value* value,
                const validation_options& options, const boost::json::object* target) {
  if (error.constraints.empty() && error.children.empty()) return;
  if (error.children.empty()) {
    if (value != nullptr && options.validation_error.value) error.value = *value;
    if (target != nullptr && options.validation_error.target) error.target = *target;
  }
  errors.push_back(std::move(error));
}

void append_constraint(std::string& out, bool value) { out += value ? "true" : "false"; }
void append_constraint(std::string& out, double value) { append_json_number(out, value); }
void append_constraint(std::string& out, std::string_view value) { out += value; }

}  // namespace nestcpp::detail
