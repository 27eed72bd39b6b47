#pragma once

#include <nestcpp/nestcpp.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace conformance {

// An object as `JSON.stringify` writes it: members that are undefined are left out.
inline nestcpp::json_text object_text(std::initializer_list<std::pair<std::string_view, nestcpp::json_text>> members) {
  std::string text = "{";
  for (const auto& [key, value] : members) {
    if (!value.has_value()) continue;
    if (text.size() > 1) text += ',';
    nestcpp::append_json_string(text, key);
    text.append(":").append(value.text());
  }
  return nestcpp::json_text::from_text(text + '}');
}

}  // namespace conformance
