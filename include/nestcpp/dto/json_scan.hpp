#pragma once
/// @file nestcpp/dto/json_scan.hpp
/// @brief For the library's own use: the JSON scanner below json_cursor, the DTO reader and the packets' envelope.
// Functions take a position and give the position after what they
// read, or null where the text is no strict JSON. Positions travel in registers; nothing here allocates but the
// strings' own.

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace nestcpp {
struct validation_options;
}

namespace nestcpp::detail {

struct variant_choices;

struct json_input {
  const char* begin;
  const char* end;
  unsigned depth;                               // levels that may still be opened
  bool forbid_unknown = false;                  // fail at a property the DTO lacks
  bool skip_undefined = false;                  // rules do not apply to missing properties
  bool skip_null = false;                       // … to null
  bool unchecked = false;                       // rules have been judged: read what the members can hold
  const validation_options* options = nullptr;  // null: the defaults
  std::string_view discriminator{};             // a property that is known beside the fields …
  unsigned discriminator_depth = 0;             // … of an object there
  variant_choices* choices = nullptr;           // inside a variant's value: what is known of variants in it
  bool gap = false;                             // reading unchecked, a member could not hold what stands there
  bool broken = false;                          // the text is malformed: no other way to read it will do
};

[[nodiscard]] const char* skip_space_slow(const char* p, const char* end) noexcept;

[[nodiscard]] inline const char* skip_space(const char* p, const char* end) noexcept {
  if (p != end && static_cast<unsigned char>(*p) > ' ') [[likely]]
    return p;
  return skip_space_slow(p, end);
}

#if defined(__SSE2__)
// Bit i is set where byte i ends a plain run: quote, backslash, control character, or not ASCII. The signed comparison
// takes the last two at once.
[[nodiscard]] inline unsigned special_mask(__m128i bytes) noexcept {
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i other = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), other)));
}
[[nodiscard]] inline __m128i load_16(const char* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
#endif

[[nodiscard]] constexpr bool is_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x80;
}

// The first special byte from p on, or end. `begin` is the start of the readable memory: the tail is looked at by the
// last 16 bytes of the text, part of which lies before p.
[[nodiscard]] inline const char* find_special(const char* p, [[maybe_unused]] const char* begin,
                                              const char* end) noexcept {
#if defined(__SSE2__)
  while (end - p >= 16) {
    const unsigned mask = special_mask(load_16(p));
    if (mask != 0) return p + std::countr_zero(mask);
    p += 16;
  }
  if (p != end && end - begin >= 16) {
    const unsigned mask = special_mask(load_16(end - 16)) >> (16 - (end - p));
    return mask != 0 ? p + std::countr_zero(mask) : end;
  }
#endif
  while (p != end && !is_special(*p)) ++p;
  return p;
}

// p stands behind the opening quote, `stop` at the first special byte. Appends the unescaped text to `out`: escapes
// that are lone surrogates as three bytes (WTF-8), bytes that are no UTF-8 as U+FFFD.
[[nodiscard]] const char* read_text_slow(const char* p, const char* stop, const json_input& in, std::string& out);
// The same without keeping the text; p stands behind the opening quote.
[[nodiscard]] const char* skip_text(const char* p, const json_input& in) noexcept;

// p stands at the value. `ascii`: the text is known to be ASCII.
[[nodiscard]] inline const char* read_text(const char* p, const json_input& in, std::string& out, bool& ascii) {
  if (p == in.end || *p != '"') [[unlikely]]
    return nullptr;
  ++p;
  const char* stop = find_special(p, in.begin, in.end);
  if (stop != in.end && *stop == '"') [[likely]] {
    out.assign(p, static_cast<std::size_t>(stop - p));
    ascii = true;
    return stop + 1;
  }
  ascii = false;
  out.clear();
  return read_text_slow(p, stop, in, out);
}

// A string as a view: into the text where it has no escapes and is ASCII, else into `scratch`.
[[nodiscard]] inline const char* read_text_view(const char* p, const json_input& in, std::string_view& out,
                                                std::string& scratch, bool& ascii) {
  if (p == in.end || *p != '"') [[unlikely]]
    return nullptr;
  ++p;
  const char* stop = find_special(p, in.begin, in.end);
  if (stop != in.end && *stop == '"') [[likely]] {
    out = {p, static_cast<std::size_t>(stop - p)};
    ascii = true;
    return stop + 1;
  }
  ascii = false;
  scratch.clear();
  p = read_text_slow(p, stop, in, scratch);
  out = scratch;
  return p;
}

// Any value, strictly checked.
[[nodiscard]] const char* skip_value(const char* p, const json_input& in, unsigned depth) noexcept;
[[nodiscard]] inline const char* skip_value(const char* p, const json_input& in) noexcept {
  return skip_value(p, in, in.depth);
}

// A number by JSON's grammar; `integral`: it has neither fraction nor exponent.
[[nodiscard]] const char* skip_number(const char* p, const char* end, bool& integral) noexcept;
[[nodiscard]] const char* read_double(const char* p, const json_input& in, double& out) noexcept;
[[nodiscard]] const char* read_float(const char* p, const json_input& in, float& out) noexcept;

template <std::size_t N>
[[nodiscard]] inline bool starts_with(const char* p, const char* end, const char (&literal)[N]) noexcept {
  return static_cast<std::size_t>(end - p) >= N - 1 && std::memcmp(p, literal, N - 1) == 0;
}

[[nodiscard]] inline const char* read_null(const char* p, const json_input& in) noexcept {
  return starts_with(p, in.end, "null") ? p + 4 : nullptr;
}

[[nodiscard]] inline const char* read_boolean(const char* p, const json_input& in, bool& out) noexcept {
  if (starts_with(p, in.end, "true")) {
    out = true;
    return p + 4;
  }
  if (starts_with(p, in.end, "false")) {
    out = false;
    return p + 5;
  }
  return nullptr;
}

// Whole numbers in JavaScript's sense: 5.0 and 1e2 are some. `out` is set only where the value fits.
template <class Integer>
[[nodiscard]] const char* read_integer_slow(const char* p, const json_input& in, Integer& out) noexcept {
  bool integral = false;
  const char* stop = skip_number(p, in.end, integral);
  if (stop == nullptr) return nullptr;
  if (integral) {
    if (stop - p == 2 && p[0] == '-' && p[1] == '0') {
      out = 0;
      return stop;
    }
    const auto [rest, error] = std::from_chars(p, stop, out);
    return error == std::errc{} && rest == stop ? stop : nullptr;
  }
  double value = 0;
  if (read_double(p, in, value) != stop) return nullptr;
  // The upper limit is a power of two, so the comparison with it is exact although max() itself may not be a double.
  constexpr double upper = static_cast<double>(std::uint64_t{1} << (std::numeric_limits<Integer>::digits - 1)) * 2.0;
  constexpr double lower = std::is_signed_v<Integer> ? -upper : 0.0;
  if (!(value >= lower && value < upper) || value != static_cast<double>(static_cast<Integer>(value))) return nullptr;
  out = static_cast<Integer>(value);
  return stop;
}

template <class Integer>
[[nodiscard]] inline const char* read_integer(const char* p, const json_input& in, Integer& out) noexcept {
  const char* const start = p;
  const bool negative = p != in.end && *p == '-';
  if (negative) ++p;
  const char* const digits = p;
  std::uint64_t value = 0;
  while (p != in.end && static_cast<unsigned char>(*p - '0') < 10) {
    if (p - digits == 18) return read_integer_slow(start, in, out);
    value = value * 10 + static_cast<std::uint64_t>(*p - '0');
    ++p;
  }
  if (p == digits || (*digits == '0' && p - digits > 1)) return nullptr;
  if (p != in.end && (*p == '.' || *p == 'e' || *p == 'E')) return read_integer_slow(start, in, out);
  const auto whole = negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
  if (!std::in_range<Integer>(whole)) return nullptr;
  out = static_cast<Integer>(whole);
  return p;
}

}  // namespace nestcpp::detail
