#include <nestcpp/http/openapi/openapi_document.hpp>

#include <boost/json/serialize.hpp>

namespace nestcpp {

namespace {

void append(std::string& to, const boost::json::value& value, std::size_t indent);

// JSON's strings are YAML's double-quoted ones; plain ones are written where they cannot be taken for anything else.
void append_text(std::string& to, std::string_view text) {
  const bool plain = !text.empty() &&
                     text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/. {}") ==
                         std::string_view::npos &&
                     ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z')) && text.back() != ' ' &&
                     text.find('{') == std::string_view::npos;
  for (const std::string_view word :
       {"true", "false", "null", "yes", "no", "on",   "off",   "y",    "n",   "True", "False", "Null", "Yes",
        "No",   "On",    "Off",  "Y",   "N",  "TRUE", "FALSE", "NULL", "YES", "NO",   "ON",    "OFF"}) {
    if (text == word) {
      to.append("\"").append(text).append("\"");
      return;
    }
  }
  to += plain ? std::string{text} : boost::json::serialize(boost::json::value(text));
}

bool is_block(const boost::json::value& value) {
  return (value.is_object() && !value.get_object().empty()) || (value.is_array() && !value.get_array().empty());
}

void append_object(std::string& to, const boost::json::object& object, std::size_t indent, bool first_is_placed) {
  for (const auto& [key, value] : object) {
    if (!first_is_placed) to.append(indent, ' ');
    first_is_placed = false;
    append_text(to, key);
    to += ':';
    if (is_block(value)) {
      to += '\n';
      append(to, value, indent + 2);
    } else {
      to += ' ';
      append(to, value, indent);
      to += '\n';
    }
  }
}

void append(std::string& to, const boost::json::value& value, std::size_t indent) {
  if (!is_block(value)) {
    if (value.is_string()) return append_text(to, value.get_string());
    to += boost::json::serialize(value);
    return;
  }
  if (value.is_object()) return append_object(to, value.get_object(), indent, false);
  for (const auto& each : value.get_array()) {
    to.append(indent, ' ').append("- ");
    if (each.is_object() && is_block(each)) {
      append_object(to, each.get_object(), indent + 2, true);
    } else if (is_block(each)) {
      to += '\n';
      append(to, each, indent + 2);
    } else {
      append(to, each, indent);
      to += '\n';
    }
  }
}

}  // namespace

std::string to_yaml(const boost::json::value& value) {
  std::string text;
  append(text, value, 0);
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace nestcpp
