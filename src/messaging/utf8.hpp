#pragma once
// UTF-8 as Node's StringDecoder reads it: lenient, each maximal ill-formed part is one U+FFFD (WHATWG's rule).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace nestcpp::detail {

inline constexpr std::string_view replacement_character{"\xEF\xBF\xBD"};

/// The first byte of [from, to) that is not ASCII, or `to`.
inline const char* skip_ascii(const char* from, const char* to) noexcept {
  constexpr std::uint64_t high_bits{0x8080808080808080};
  while (to - from >= 64) {
    std::uint64_t words[8];
    std::memcpy(words, from, sizeof words);
    std::uint64_t seen{0};
    for (const auto word : words) seen |= word;
    if ((seen & high_bits) != 0) break;
    from += 64;
  }
  while (to - from >= 8) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    if ((word & high_bits) != 0) {
      if constexpr (std::endian::native == std::endian::little) return from + std::countr_zero(word & high_bits) / 8;
      break;
    }
    from += 8;
  }
  while (from != to && static_cast<unsigned char>(*from) < 0x80) ++from;
  return from;
}

struct utf8_part {
  std::uint8_t bytes;  ///< 0: the bytes end within a character that is well-formed so far
  bool well_formed;
  [[nodiscard]] unsigned units() const noexcept { return well_formed && bytes == 4 ? 2 : 1; }
};

/// The character or ill-formed part that begins with the non-ASCII byte `*at`.
inline utf8_part read_utf8_part(const char* at, const char* end) noexcept {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  const auto available = end - at;
  const auto lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (available < 2) return {0, false};
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return {1, false};
  for (int i{2}; i < length; ++i) {
    if (available <= i) return {0, false};
    if ((byte(i) & 0xC0) != 0x80) return {static_cast<std::uint8_t>(i), false};
  }
  return {static_cast<std::uint8_t>(length), true};
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
      at = part.bytes == 0 ? end : at + part.bytes;
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
    const char* next = part.bytes == 0 ? end : at + part.bytes;
    if (!part.well_formed) {
      out.append(copied, at).append(replacement_character);
      copied = next;
    }
    at = next;
  }
  out.append(copied, end);
}

}  // namespace nestcpp::detail
