#include <nestcpp/dto/rules/transform.hpp>

#include <cstddef>
#include <cstdint>

namespace nestcpp::detail {
namespace {

constexpr char32_t no_character = 0xffffffff;

// The character at `at` where it takes one to three bytes; no_character for anything else. `size`: its bytes.
char32_t character_at(std::string_view text, std::size_t at, std::size_t& size) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto follows = [&](std::size_t i) { return at + i < text.size() && (byte(i) & 0xc0) == 0x80; };
  size = 1;
  if (byte(0) < 0x80) return byte(0);
  if ((byte(0) & 0xe0) == 0xc0 && follows(1)) {
    size = 2;
    return static_cast<char32_t>((byte(0) & 0x1f) << 6 | (byte(1) & 0x3f));
  }
  if ((byte(0) & 0xf0) == 0xe0 && follows(1) && follows(2)) {
    size = 3;
    return static_cast<char32_t>((byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f));
  }
  return no_character;
}

// ECMAScript's WhiteSpace and LineTerminator.
bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

// In Latin Extended-A capitals and small letters alternate; in two stretches the capitals are the odd ones.
bool has_pair(char32_t c) {
  return (c >= 0x100 && c <= 0x17e) && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149 && c != 0x178;
}
bool odd_is_capital(char32_t c) { return (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e); }

// Of the same number of bytes in UTF-8.
char32_t lower(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 0x20;
  if (c < 0xc0) return c;
  if (c <= 0xde) return c == 0xd7 ? c : c + 0x20;
  if (has_pair(c)) return ((c & 1) != 0) == odd_is_capital(c) ? c + 1 : c;
  if (c == 0x178) return 0xff;
  if (c == 0x386) return 0x3ac;
  if (c >= 0x388 && c <= 0x38a) return c + 0x25;
  if (c == 0x38c) return 0x3cc;
  if (c == 0x38e || c == 0x38f) return c + 0x3f;
  if (c >= 0x391 && c <= 0x3ab && c != 0x3a2) return c + 0x20;
  if (c >= 0x400 && c <= 0x40f) return c + 0x50;
  if (c >= 0x410 && c <= 0x42f) return c + 0x20;
  return c;
}

char32_t upper(char32_t c) {
  if (c >= 'a' && c <= 'z') return c - 0x20;
  if (c < 0xe0) return c;
  if (c <= 0xfe) return c == 0xf7 ? c : c - 0x20;
  if (c == 0xff) return 0x178;
  if (has_pair(c)) return ((c & 1) != 0) == odd_is_capital(c) ? c : c - 1;
  if (c == 0x3ac) return 0x386;
  if (c >= 0x3ad && c <= 0x3af) return c - 0x25;
  if (c == 0x3cc) return 0x38c;
  if (c == 0x3cd || c == 0x3ce) return c - 0x3f;
  if (c == 0x3c2) return 0x3a3;
  if (c >= 0x3b1 && c <= 0x3cb) return c - 0x20;
  if (c >= 0x450 && c <= 0x45f) return c - 0x50;
  if (c >= 0x430 && c <= 0x44f) return c - 0x20;
  return c;
}

template <class Change>
void change_letters(std::string& text, Change change) {
  for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
    const char32_t c = character_at(text, at, size);
    if (c == no_character || size == 3) continue;
    const char32_t changed = change(c);
    if (size == 1) {
      text[at] = static_cast<char>(changed);
    } else {
      text[at] = static_cast<char>(0xc0 | changed >> 6);
      text[at + 1] = static_cast<char>(0x80 | (changed & 0x3f));
    }
  }
}

}  // namespace

void trim_text(std::string& text) {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool blank = true;
  for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
    if (is_white_space(character_at(text, at, size))) {
      if (blank) begin = at + size;
    } else {
      blank = false;
      end = at + size;
    }
  }
  if (blank) return text.clear();
  text.erase(end);
  text.erase(0, begin);
}

void lower_text(std::string& text) { change_letters(text, lower); }
void upper_text(std::string& text) { change_letters(text, upper); }

}  // namespace nestcpp::detail
