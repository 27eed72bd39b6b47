#include <nestcpp/dto/rules/matches.hpp>

#include "dto/formats/pattern.hpp"

#include <algorithm>

namespace nestcpp::detail {

bool matches_pattern(std::string_view text, std::string_view pattern, std::string_view flags) {
  return compiled_pattern(pattern, flags).test(text);
}

std::string pattern_text(std::string_view pattern, std::string_view flags) {
  std::string text = "/";
  if (pattern.empty()) text += "(?:)";
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      text += c;
      text += pattern[++i];
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\r') {
      text += "\\r";
    } else {
      if (c == '/' && !in_class) text += '\\';
      text += c;
    }
  }
  std::string sorted{flags};
  std::sort(sorted.begin(), sorted.end());
  return text.append("/").append(sorted);
}

}  // namespace nestcpp::detail
