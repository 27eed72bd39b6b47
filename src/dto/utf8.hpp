#pragma once
// UTF-8 as Node's StringDecoder reads it: lenient, each maximal ill-formed part is one U+FFFD (WHATWG's rule).

#include <nestcpp/dto/text.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace nestcpp::detail {

inline constexpr std::string_view replacement_character{"\xEF\xBF\xBD"};

/// The first byte of [from, to) that is not ASCII, or `to`.
inline const char* skip_ascii(const char* from, const char* to) noexcept {
#if defined(__SSE2__)
  [[maybe_unused]] const char* const begin = from;
  const auto load = [](const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  while (to - from >= 64) {
    const auto first = _mm_or_si128(load(from), load(from + 16));
    const auto second = _mm_or_si128(load(from + 32), load(from + 48));
    if (_mm_movemask_epi8(_mm_or_si128(first, second)) != 0) break;
    from += 64;
  }
  while (to - from >= 16) {
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(load(from))); mask != 0) {
      return from + std::countr_zero(mask);
    }
    from += 16;
  }
  if (from != to && to - begin >= 16) {  // the last 16 bytes, of which some were seen
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(load(to - 16))) >> (16 - (to - from));
    return mask != 0 ? from + std::countr_zero(mask) : to;
  }
#else
  for (std::uint64_t word{}; to - from >= 8; from += 8) {
    std::memcpy(&word, from, sizeof word);
    if ((word & 0x8080808080808080) != 0) break;
  }
#endif
  while (from != to && static_cast<unsigned char>(*from) < 0x80) ++from;
  return from;
}

struct utf8_part {
  std::uint8_t bytes;
  bool well_formed;
  bool cut_off;  ///< the text ends within it; more could complete a character
  [[nodiscard]] unsigned units() const noexcept { return well_formed && bytes == 4 ? 2 : 1; }
};

/// The character or ill-formed part that begins with the non-ASCII byte `*at`.
inline utf8_part read_utf8_part(const char* at, const char* end) noexcept {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  if (byte(0) >= 0xC2 && byte(0) < 0xE0 && end - at >= 2 && (byte(1) & 0xC0) == 0x80) return {2, true, false};
  const int step = utf8_step(at, end);
  if (step > 0) return {static_cast<std::uint8_t>(step), true, false};
  return {static_cast<std::uint8_t>(-step), false, -step == end - at && byte(0) >= 0xC2 && byte(0) <= 0xF4};
}

struct utf8_measure {
  std::size_t units{0};
  bool ill_formed{false};
};

/// A whole text: a character cut off at its end is an ill-formed part as well.
inline utf8_measure measure_utf8(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  utf8_measure measure;
  for (;;) {
    const char* stop = skip_ascii(at, end);
    measure.units += static_cast<std::size_t>(stop - at);
    at = stop;
    while (at != end && static_cast<unsigned char>(*at) >= 0x80) {
      const auto part = read_utf8_part(at, end);
      measure.units += part.units();
      measure.ill_formed |= !part.well_formed;
      at += part.bytes;
    }
    if (at == end) return measure;
  }
}

/// Appends `text` with U+FFFD for each ill-formed part.
inline void append_repaired_utf8(std::string& out, std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* copied = at;
  while ((at = skip_ascii(at, end)) != end) {
    const auto part = read_utf8_part(at, end);
    const char* next = at + part.bytes;
    if (!part.well_formed) {
      out.append(copied, at).append(replacement_character);
      copied = next;
    }
    at = next;
  }
  out.append(copied, end);
}

}  // namespace nestcpp::detail
