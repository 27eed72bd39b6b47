#include <nestcpp/dto/rules/string.hpp>
#include <nestcpp/dto/text.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The formats of validator.js 13, rule for rule. Its expressions look at UTF-16 units, so characters beyond U+FFFF are
// two surrogates here as well.

namespace nestcpp::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool in(unsigned unit, unsigned low, unsigned high) { return unit >= low && unit <= high; }

enum : std::uint8_t { local_char = 1, label_char = 2, letter = 4 };

constexpr std::array<std::uint8_t, 128> make_classes() {
  std::array<std::uint8_t, 128> classes{};
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = local_char | label_char | letter;
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] = local_char | label_char;
  for (const char c : std::string_view{"!#$%&'*+-/=?^_`{|}~"}) classes[static_cast<unsigned char>(c)] |= local_char;
  classes['-'] |= label_char;
  return classes;
}
constexpr auto classes = make_classes();

bool is_ascii_of(char16_t unit, std::uint8_t wanted) { return unit < 128 && (classes[unit] & wanted) != 0; }
bool is_international(char16_t unit) {
  return in(unit, 0xa1, 0xd7ff) || in(unit, 0xf900, 0xfdcf) || in(unit, 0xfdf0, 0xffef);
}
bool is_space(char16_t unit) {
  return in(unit, 9, 13) || unit == ' ' || unit == 0xa0 || unit == 0x1680 || in(unit, 0x2000, 0x200a) ||
         unit == 0x2028 || unit == 0x2029 || unit == 0x202f || unit == 0x205f || unit == 0x3000 || unit == 0xfeff;
}

// A text of limited length as UTF-16, without allocation.
template <std::size_t Capacity>
struct units {
  std::array<char16_t, Capacity> data;
  std::size_t size = 0;

  // False: too long.
  bool assign(std::string_view text) {
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p != end) {
      if (size + 2 > Capacity) return false;
      const bool surrogate = is_wtf8_surrogate(p, end);
      const int step = surrogate ? 3 : utf8_step(p, end);
      const auto byte = [p](int i) { return static_cast<unsigned>(static_cast<unsigned char>(p[i])); };
      unsigned code = 0xfffd;
      if (step == 1) code = byte(0);
      if (step == 2) code = (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
      if (step == 3) code = (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
      if (step == 4) {
        code = (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
        data[size++] = static_cast<char16_t>(0xd7c0 + (code >> 10));
        code = 0xdc00 | (code & 0x3ff);
      }
      data[size++] = static_cast<char16_t>(code);
      p += step > 0 ? step : -step;
    }
    return true;
  }
  std::u16string_view view() const { return {data.data(), size}; }
};

bool is_label(std::u16string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == u'-' || label.back() == u'-') return false;
  return std::all_of(label.begin(), label.end(), [](char16_t unit) {
    return is_ascii_of(unit, label_char) || (unit >= 0xa1 && !in(unit, 0xff01, 0xff5e));
  });
}

bool is_top_level(std::u16string_view label) {
  if (std::any_of(label.begin(), label.end(), is_space)) return false;
  const auto is_letter = [](char16_t unit) {
    return is_ascii_of(unit, letter) || (is_international(unit) && unit != 0xa9);
  };
  if (label.size() >= 2 && std::all_of(label.begin(), label.end(), is_letter)) return true;
  return label.size() >= 4 && (label[0] | 32) == u'x' && (label[1] | 32) == u'n' &&
         std::all_of(label.begin() + 2, label.end(), [](char16_t unit) { return is_ascii_of(unit, label_char); });
}

bool is_domain(std::u16string_view domain) {
  const std::size_t last = domain.rfind(u'.');
  if (last == std::u16string_view::npos || !is_top_level(domain.substr(last + 1))) return false;
  for (std::size_t from = 0; from <= domain.size();) {
    const std::size_t dot = std::min(domain.find(u'.', from), domain.size());
    if (!is_label(domain.substr(from, dot - from))) return false;
    from = dot + 1;
  }
  return true;
}

bool is_quoted(std::u16string_view inner) {
  for (std::size_t i = 0; i < inner.size(); ++i) {
    char16_t unit = inner[i];
    const bool international = unit == 0xa0 || is_international(unit);
    if (unit == u'\\') {
      if (++i == inner.size()) return false;
      unit = inner[i];
      if (!(in(unit, 1, 9) || in(unit, 0xb, 0x7f) || unit == 0xa0 || is_international(unit))) return false;
    } else if (!(is_space(unit) || in(unit, 1, 0x21) || in(unit, 0x23, 0x7f) || international)) {
      return false;
    }
  }
  return true;
}

bool is_local(std::u16string_view local) {
  if (!local.empty() && local.front() == u'"' && local.back() == u'"') {
    return is_quoted(local.size() < 2 ? std::u16string_view{} : local.substr(1, local.size() - 2));
  }
  bool after_dot = true;  // or at the beginning: an atom must follow
  for (const char16_t unit : local) {
    if (unit == u'.') {
      if (after_dot) return false;
      after_dot = true;
    } else if (is_ascii_of(unit, local_char) || is_international(unit)) {
      after_dot = false;
    } else {
      return false;
    }
  }
  return !after_dot;
}

constexpr std::size_t longest_address = 254;

#if defined(__SSE2__)
// The most usual address, of 16 to 64 letters, digits and .-_+@: a bit a character, all of them looked at together.
// nullopt: not of that kind, or with a top-level domain that is not letters only.
std::optional<bool> is_simple_address(std::string_view text) {
  if (text.size() < 16 || text.size() > 64) return std::nullopt;
  std::uint64_t letters = 0, digits = 0, dots = 0, hyphens = 0, others = 0, ats = 0;
  const auto look_at = [&](std::size_t at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto mask = [at](__m128i found) {
      return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << at;
    };
    const auto is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const auto within = [](__m128i distance, char limit) {
      return _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8(limit)), distance);
    };
    const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    letters |= mask(within(_mm_sub_epi8(lower, _mm_set1_epi8('a')), 25));
    digits |= mask(within(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), 9));
    dots |= mask(is('.'));
    hyphens |= mask(is('-'));
    others |= mask(_mm_or_si128(is('_'), is('+')));
    ats |= mask(is('@'));
  };
  for (std::size_t at = 0; at + 16 <= text.size(); at += 16) look_at(at);
  if (text.size() % 16 != 0) look_at(text.size() - 16);

  const std::uint64_t last = std::uint64_t{1} << (text.size() - 1);
  const std::uint64_t all = last | (last - 1);
  if ((letters | digits | dots | hyphens | others | ats) != all) return std::nullopt;
  if (!std::has_single_bit(ats)) return false;
  const std::uint64_t edges = dots | ats;  // atoms and labels lie between these
  const std::uint64_t domain = all & ~(ats | (ats - 1));
  if ((edges & (edges << 1 | 1 | last)) != 0 || (others & domain) != 0) return false;
  if ((hyphens & domain & (edges << 1 | edges >> 1 | last)) != 0 || (dots & domain) == 0) return false;
  const std::uint64_t top = all & ~((std::bit_floor(dots & domain) << 1) - 1);
  if ((top & ~letters) != 0) return std::nullopt;
  return !std::has_single_bit(top);
}
#else
std::optional<bool> is_simple_address(std::string_view) { return std::nullopt; }
#endif

// The usual address, ASCII without quotes: one look at each byte. nullopt: not of that kind.
std::optional<bool> is_plain_address(std::string_view text, std::size_t at) {
  bool edge = true;  // at the beginning of an atom or label
  for (std::size_t i = 0; i < at; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 128 || c == '"') return std::nullopt;
    if (c == '.') {
      if (edge) return false;
      edge = true;
    } else {
      if ((classes[c] & local_char) == 0) return false;
      edge = false;
    }
  }
  if (edge) return false;
  std::size_t label = at + 1;
  std::uint8_t common = letter;  // whether the label is letters only
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 128) return std::nullopt;
    if (c == '.') {
      if (i == label || i - label > 63 || text[label] == '-' || text[i - 1] == '-') return false;
      label = i + 1;
      common = letter;
    } else {
      if ((classes[c] & label_char) == 0) return false;
      common &= classes[c];
    }
  }
  const std::string_view top = text.substr(label);
  if (label == at + 1 || top.size() < 2 || top.size() > 63 || top.front() == '-' || top.back() == '-') return false;
  return common != 0 || (top.size() >= 4 && (top[0] | 32) == 'x' && (top[1] | 32) == 'n');
}

}  // namespace

bool is_email_text(std::string_view text) noexcept {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at > 64 || text.size() - at - 1 > longest_address) return false;
  if (const auto simple = is_simple_address(text)) return *simple;
  if (text.size() <= longest_address) {
    if (const auto plain = is_plain_address(text, at)) return *plain;
  }
  units<longest_address + 2> all;
  if (!all.assign(text) || all.size > longest_address) return false;
  const std::size_t split = all.view().rfind(u'@');
  return is_domain(all.view().substr(split + 1)) && is_local(all.view().substr(0, split));
}

bool is_fqdn_text(std::string_view text) noexcept {
  // 127 labels of one character with their dots are not forbidden to be more: validator.js sets no limit to the whole.
  constexpr std::size_t longest_domain = 1024;
  units<longest_domain + 2> all;
  return all.assign(text) && is_domain(all.view());
}

bool is_uuid_text(std::string_view text, int version) noexcept {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  const int own = text[14] - '0';
  const char variant = static_cast<char>(text[19] | 32);
  const bool variant_fits = text[19] == '8' || text[19] == '9' || variant == 'a' || variant == 'b';
  if (version != 0) return own == version && variant_fits;
  if (own >= 1 && own <= 8 && variant_fits) return true;
  const auto only = [text](char c) {
    return std::all_of(text.begin(), text.end(), [c](char t) { return t == '-' || (t | 32) == (c | 32); });
  };
  return only('0') || only('f');
}

namespace {

// validator.js's expression with its backtracking: each function takes a position and tries all that may follow.
class iso8601_matcher {
 public:
  explicit iso8601_matcher(std::string_view text) : text_{text} {}

  bool matches() const {
    std::size_t p = 0;
    if (at(p) == '+' || at(p) == '-') ++p;
    if (!digits(p, 4)) return false;
    p += 4;
    if (digits(p, 2) && !is_word(at(p + 2))) return false;
    if (p == text_.size()) return true;
    return date(p, "") || (at(p) == '-' && date(p + 1, "-"));
  }

 private:
  char at(std::size_t p) const { return p < text_.size() ? text_[p] : '\0'; }
  static bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  bool digits(std::size_t p, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(at(p + i))) return false;
    }
    return true;
  }
  // The number of two digits at p, or -1.
  int two(std::size_t p) const { return digits(p, 2) ? (at(p) - '0') * 10 + at(p + 1) - '0' : -1; }
  std::size_t run_of_digits(std::size_t p) const {
    std::size_t count = 0;
    while (is_digit(at(p + count))) ++count;
    return count;
  }

  bool date(std::size_t p, std::string_view separator) const {
    if (const int month = two(p); month >= 1 && month <= 12) {
      if (time(p + 2)) return true;
      if (text_.substr(p + 2, separator.size()) == separator) {
        const std::size_t q = p + 2 + separator.size();
        if (const int day = two(q); day >= 1 && day <= 31 && time(q + 2)) return true;
      }
    }
    if (at(p) == 'W' && two(p + 1) >= 0 && two(p + 1) <= 53) {
      const std::size_t q = p + 3 + (at(p + 3) == '-' ? 1 : 0);
      if (time(p + 3) || (at(q) >= '1' && at(q) <= '7' && time(q + 1))) return true;
    }
    if (digits(p, 3)) {
      const int day = two(p) * 10 + at(p + 2) - '0';
      if (day >= 1 && day <= 366 && day != 360) return time(p + 3);
    }
    return false;
  }

  bool time(std::size_t p) const {
    if (p == text_.size()) return true;
    const int step = utf8_step(text_.data() + p, text_.data() + text_.size());
    units<4> next;
    if (step < 0 || !next.assign(text_.substr(p, static_cast<std::size_t>(step)))) return false;
    if (at(p) != 'T' && !is_space(next.data[0])) return false;
    p += static_cast<std::size_t>(step);
    if (seconds(p, "")) return true;
    if (const int hour = two(p); hour >= 0 && hour <= 23) {
      const std::size_t q = p + 2;
      if (fraction(q, "")) return true;
      if (two(q) >= 0 && two(q) <= 59 && fraction(q + 2, "")) return true;
      if (at(q) == ':' && two(q + 1) >= 0 && two(q + 1) <= 59 && fraction(q + 3, ":")) return true;
    }
    if (two(p) != 24) return false;
    const std::size_t q = p + 2 + (at(p + 2) == ':' ? 1 : 0);
    return two(q) == 0 && fraction(q + 2, "");
  }

  // A fraction of hour or minute, then seconds. Where these have no separator they may be the fraction's last two
  // digits.
  bool fraction(std::size_t p, std::string_view separator) const {
    if (seconds(p, separator)) return true;
    if (at(p) != '.' && at(p) != ',') return false;
    const std::size_t count = run_of_digits(p + 1);
    if (count == 0) return false;
    const std::size_t q = p + 1 + count;
    if (at(q) != ':' && seconds(q, separator)) return true;
    return separator.empty() && count > 2 && seconds(q - 2, separator);
  }

  bool seconds(std::size_t p, std::string_view separator) const {
    if (zone(p)) return true;
    if (text_.substr(std::min(p, text_.size()), separator.size()) != separator) return false;
    p += separator.size();
    if (two(p) < 0 || two(p) > 59) return false;
    p += 2;
    if (zone(p)) return true;
    if (at(p) != '.' && at(p) != ',') return false;
    const std::size_t count = run_of_digits(p + 1);
    return count != 0 && zone(p + 1 + count);
  }

  bool zone(std::size_t p) const {
    if (p == text_.size()) return true;
    if (at(p) == 'z' || at(p) == 'Z') return p + 1 == text_.size();
    if (at(p) != '+' && at(p) != '-') return false;
    if (two(p + 1) < 0 || two(p + 1) > 23) return false;
    p += 3;
    if (at(p) == ':') ++p;
    if (two(p) >= 0 && two(p) <= 59) p += 2;
    return p == text_.size();
  }

  std::string_view text_;
};

}  // namespace

bool is_iso8601_text(std::string_view text) noexcept { return iso8601_matcher{text}.matches(); }

}  // namespace nestcpp::detail
