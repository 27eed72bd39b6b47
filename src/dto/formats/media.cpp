#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/network.hpp>

// validator.js's isDataURI, isMagnetURI and isMimeType.

namespace nestcpp::detail {
namespace {

bool is_word_of(std::string_view text, std::string_view more) {
  return !text.empty() &&
         all_of(text, [more](char c) { return is_letter_or_digit(c) || more.find(c) != std::string_view::npos; });
}

bool is_media_type(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash != 0 && all_of(text.substr(0, slash), is_letter) &&
         is_word_of(text.substr(slash + 1), "-+._");
}

bool is_attribute(std::string_view text) {
  const std::size_t mark = text.find('=');
  if (mark == std::string_view::npos || mark == 0) return false;
  return all_of(text.substr(0, mark), [](char c) { return is_letter(c) || c == '-'; }) &&
         is_word_of(text.substr(mark + 1), "-");
}

bool is_data(std::string_view text) {
  return for_each_code_point(text, [](char32_t code) {
    if (is_space_unit(code)) return true;
    constexpr std::string_view others = "!$&'()*+,;=-._~:@/?%";
    const char c = code < 128 ? static_cast<char>(code) : '\0';
    return is_letter_or_digit(c) || (c != '\0' && others.find(c) != std::string_view::npos);
  });
}

std::string_view trim(std::string_view text) {
  while (const std::size_t space = leading_space(text)) text.remove_prefix(space);
  for (;;) {
    // A character of white space has at most three bytes.
    std::size_t cut = 0;
    for (std::size_t size = 1; size <= 3 && size <= text.size() && cut == 0; ++size) {
      if (leading_space(text.substr(text.size() - size)) == size) cut = size;
    }
    if (cut == 0) return text;
    text.remove_suffix(cut);
  }
}

// A parameter's value, bare or quoted, and a comment.
bool eat_parameter_value(text_reader& in) {
  const auto is_value = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '+'; };
  const auto run_of = [&](std::size_t most, bool spaces) {
    std::size_t count = 0;
    for (; count < most; ++count) {
      if (in.run(is_value, 1) == 1) continue;
      const std::size_t space = spaces ? leading_space(in.rest()) : 0;
      if (space == 0) break;
      in.skip(space);
    }
    return count;
  };
  constexpr std::size_t longest_value = 70, longest_comment = 20;
  if (in.eat('"')) {
    run_of(longest_value, true);
    if (!in.eat('"')) return false;
  } else {
    run_of(longest_value, false);
  }
  text_reader comment = in;
  comment.skip(leading_space(comment.rest()));
  if (!comment.eat('(')) return true;
  in = comment;
  return run_of(longest_comment, true) != 0 && in.eat(')');
}

bool eat_subtype(text_reader& in, bool underscore) {
  constexpr std::size_t longest = 100;
  const std::size_t size = in.run([underscore](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '-' || c == '+' || (underscore && c == '_');
  });
  return size >= 1 && size <= longest;
}

// ; name=value
bool eat_parameter(text_reader& in, bool boundary) {
  if (!in.eat(';')) return false;
  in.skip(leading_space(in.rest()));
  const bool named = in.eat_ignoring_case("charset=") || (boundary && in.eat_ignoring_case("boundary="));
  return named && eat_parameter_value(in);
}

}  // namespace

bool is_data_uri_text(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  std::string_view head = trim(text.substr(0, comma));
  const std::string_view type = head.substr(0, head.find(';'));
  if (!type.starts_with("data:")) return false;
  if (type.size() > 5 && !is_media_type(type.substr(5))) return false;
  head.remove_prefix(type.size());
  while (!head.empty()) {
    head.remove_prefix(1);
    const std::string_view attribute = head.substr(0, head.find(';'));
    head.remove_prefix(attribute.size());
    if (!(head.empty() && equal_ignoring_case(attribute, "base64")) && !is_attribute(attribute)) return false;
  }
  return is_data(text.substr(comma + 1));
}

bool is_magnet_uri_text(std::string_view text) {
  constexpr std::string_view start = "magnet:?";
  if (!text.starts_with(start)) return false;
  constexpr std::string_view names[] = {"aich",   "bitprint", "btih", "ed2khash",  "ed2k",
                                        "kzhash", "md5",      "sha1", "tree:tiger"};
  const auto is_topic = [&names](std::string_view at) {
    text_reader in{at};
    if (!in.eat_ignoring_case("xt")) return false;
    in.eat(".1");
    if (!in.eat_ignoring_case("=urn:")) return false;
    if (in.eat_ignoring_case("btmh:1220")) return in.run(is_letter_or_digit) == 64 && (in.at_end() || in.peek() == '&');
    for (const std::string_view name : names) {
      text_reader hash = in;
      if (!hash.eat_ignoring_case(name) || !hash.eat(':')) continue;
      const std::size_t size = hash.run(is_letter_or_digit);
      return (size == 32 || size == 40) && (hash.at_end() || hash.peek() == '&');
    }
    return false;
  };
  if (is_topic(text.substr(start.size()))) return true;
  // Or behind any & that follows something else than ? and &.
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    if (at > 0 && text[at - 1] != '?' && text[at - 1] != '&' && is_topic(text.substr(at + 1))) return true;
  }
  return false;
}

bool is_mime_type_text(std::string_view text) {
  constexpr std::string_view types[] = {"application", "audio",     "font", "image", "message",
                                        "model",       "multipart", "text", "video"};
  const std::string_view type = text.substr(0, text.find('/'));
  if (type.size() == text.size()) return false;
  bool known = false;
  for (const std::string_view candidate : types) known = known || equal_ignoring_case(type, candidate);
  if (!known) return false;
  text_reader in{text.substr(type.size() + 1)};
  if (text_reader simple = in; eat_subtype(simple, true) && simple.at_end()) return true;
  const bool multipart = equal_ignoring_case(type, "multipart");
  if ((!multipart && !equal_ignoring_case(type, "text")) || !eat_subtype(in, false)) return false;
  if (!eat_parameter(in, multipart)) return false;
  return in.at_end() || (multipart && eat_parameter(in, true) && in.at_end());
}

}  // namespace nestcpp::detail
