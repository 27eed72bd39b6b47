#pragma once
// UTF-8 as Node's StringDecoder reads it: lenient, each maximal ill-formed part is one U+FFFD (WHATWG's rule).

#include <nestcpp/dto/text.hpp>

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
  std::uint8_t bytes;
  bool well_formed;
  bool cut_off;  ///< the text ends within it; more could complete a character
  [[nodiscard]] unsigned units() const noexcept { return well_formed && bytes == 4 ? 2 : 1; }
};

/// The character or ill-formed part that begins with the non-ASCII byte `*at`.
inline utf8_part read_utf8_part(const char* at, const char* end) noexcept {
  const int step = utf8_step(at, end);
  if (step > 0) return {static_cast<std::uint8_t>(step), true, false};
  const auto lead = static_cast<unsigned char>(*at);
  return {static_cast<std::uint8_t>(-step), false, -step == end - at && lead >= 0xC2 && lead <= 0xF4};
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
