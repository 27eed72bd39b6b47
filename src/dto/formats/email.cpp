#include "dto/formats/ascii.hpp"
#include "dto/formats/domain.hpp"
#include "dto/formats/letter_case.hpp"
#include "dto/formats/pattern.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/network.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// validator.js's isEmail. Its expressions look at UTF-16 units, so characters beyond U+FFFF are two surrogates here
// too.

namespace nestcpp::detail {
namespace {

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

bool in(unsigned unit, unsigned low, unsigned high) { return unit >= low && unit <= high; }

bool is_local_unit(char16_t unit, bool utf8) {
  return unit < 128 ? (classes[unit] & local_char) != 0 : utf8 && is_international(unit);
}

bool is_quoted(std::u16string_view inner, bool utf8) {
  for (std::size_t i = 0; i < inner.size(); ++i) {
    char16_t unit = inner[i];
    const bool international = utf8 && (unit == 0xa0 || is_international(unit));
    if (unit == u'\\') {
      if (++i == inner.size()) return false;
      unit = inner[i];
      if (!(in(unit, 1, 9) || in(unit, 0xb, 0x7f) || (utf8 && (unit == 0xa0 || is_international(unit))))) return false;
    } else if (!(is_space_unit(unit) || in(unit, 1, 0x21) || in(unit, 0x23, 0x7f) || international)) {
      return false;
    }
  }
  return true;
}

bool is_local(std::u16string_view local, bool utf8) {
  if (!local.empty() && local.front() == u'"' && local.back() == u'"') {
    return is_quoted(local.size() < 2 ? std::u16string_view{} : local.substr(1, local.size() - 2), utf8);
  }
  bool after_dot = true;  // or at the beginning: an atom must follow
  for (const char16_t unit : local) {
    if (unit == u'.') {
      if (after_dot) return false;
      after_dot = true;
    } else if (is_local_unit(unit, utf8)) {
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

std::size_t utf8_size(std::u16string_view units) {
  std::size_t size = 0;
  for (const char16_t unit : units)
    size += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  return size;
}

std::string lower_ascii(std::u16string_view units) {
  std::string text;
  for (const char16_t unit : units) text += unit < 128 ? to_lower(static_cast<char>(unit)) : '\x80';
  return text;
}

std::u16string_view trimmed(std::u16string_view text) {
  while (!text.empty() && is_space_unit(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space_unit(text.back())) text.remove_suffix(1);
  return text;
}

// The name before <address>: quoted where it has characters that need it, and quotes within quotes after a \.
bool is_display_name(std::u16string_view name) {
  if (name.ends_with(u' ')) name.remove_suffix(1);
  std::u16string_view inner = name;
  const bool is_quoted_name = name.size() >= 3 && name.front() == u'"' && name.back() == u'"' &&
                              name.find_first_of(u"\n\r\u2028\u2029") == std::u16string_view::npos;
  if (is_quoted_name) inner = name.substr(1, name.size() - 2);
  if (trimmed(inner).empty()) return false;
  if (inner.find_first_of(u".\";<>") == std::u16string_view::npos) return true;
  if (!is_quoted_name) return false;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == u'"' && (i == 0 || inner[i - 1] != u'\\')) return false;
  }
  return true;
}

// Takes the name and the brackets away. False: the name is not in order, or missing though required.
bool take_display_name(std::u16string& address, const rules::email_options& options) {
  const auto is_control = [](char16_t unit) { return unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f); };
  const std::size_t stop =
      static_cast<std::size_t>(std::find_if(address.begin(), address.end(), is_control) - address.begin());
  const std::size_t bracket = address.substr(0, stop).rfind(u'<');
  if (bracket == std::u16string::npos || bracket == 0) return !options.require_display_name;
  const std::u16string name = address.substr(0, bracket);
  address.erase(0, bracket + 1);
  if (address.ends_with(u'>')) address.pop_back();
  return is_display_name(name);
}

bool is_gmail_user(std::u16string_view user) {
  const std::string lower = lower_ascii(user);
  const std::string_view name = std::string_view{lower}.substr(0, lower.find('+'));
  const auto dots = static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
  if (name.size() - dots < 6 || name.size() - dots > 30) return false;
  if (name.starts_with('.') || name.ends_with('.') || name.find("..") != std::string_view::npos) return false;
  return all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '.'; });
}

}  // namespace

bool is_email_text(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at > 64 || text.size() - at - 1 > longest_address) return false;
  if (const auto simple = is_simple_address(text)) return *simple;
  if (text.size() <= longest_address) {
    if (const auto plain = is_plain_address(text, at)) return *plain;
  }
  return is_email_text(text, rules::email_options{});
}

bool is_email_text(std::string_view text, const rules::email_options& options) {
  thread_local std::u16string all;
  assign_units(all, text);
  if ((options.allow_display_name || options.require_display_name) && !take_display_name(all, options)) return false;
  if (!options.ignore_max_length && all.size() > longest_address) return false;
  const std::size_t at = all.rfind(u'@');
  const std::u16string_view whole{all};
  const std::u16string_view user = at == std::u16string::npos ? std::u16string_view{} : whole.substr(0, at);
  const std::u16string_view domain = at == std::u16string::npos ? whole : whole.substr(at + 1);
  const std::string host = lower_ascii(domain);
  if (options.host_blacklist.has(host)) return false;
  if (!options.host_whitelist.empty() && !options.host_whitelist.has(host)) return false;
  if (options.domain_specific_validation && (host == "gmail.com" || host == "googlemail.com") && !is_gmail_user(user)) {
    return false;
  }
  if (!options.ignore_max_length && (utf8_size(user) > 64 || utf8_size(domain) > longest_address)) return false;
  if (!is_domain(domain, {.require_tld = options.require_tld,
                          .allow_underscores = options.allow_underscores,
                          .ignore_max_length = options.ignore_max_length})) {
    std::string_view address{host};
    if (address.starts_with('[') && address.ends_with(']')) {
      address.remove_prefix(1);
      if (!address.empty()) address.remove_suffix(1);
    }
    if (!options.allow_ip_domain || !is_ip_text(address, 0)) return false;
  }
  if (!options.blacklisted_chars.empty()) {
    thread_local std::string set;
    set.assign("[").append(options.blacklisted_chars).append("]");
    if (compiled_pattern(set, "").test(text_of_units(user))) return false;
  }
  return is_local(user, options.allow_utf8_local_part);
}

}  // namespace nestcpp::detail
