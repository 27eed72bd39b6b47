#include <nestcpp/dto/text.hpp>

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <bit>

#include <emmintrin.h>
#endif

namespace nestcpp {
namespace detail {
namespace {

unsigned char byte_at(const char* p) { return static_cast<unsigned char>(*p); }
bool is_continuation(const char* p) { return (byte_at(p) & 0xc0) == 0x80; }

// Bytes of ASCII at the front.
std::size_t ascii_run(const char* p, const char* end) noexcept {
  const char* const start = p;
#if defined(__SSE2__)
  while (end - p >= 16) {
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    if (mask != 0) return static_cast<std::size_t>(p - start) + static_cast<std::size_t>(std::countr_zero(mask));
    p += 16;
  }
#endif
  while (end - p >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, p, 8);
    if ((word & 0x8080808080808080u) != 0) break;
    p += 8;
  }
  while (p != end && byte_at(p) < 0x80) ++p;
  return static_cast<std::size_t>(p - start);
}

}  // namespace

int utf8_step(const char* p, const char* end) noexcept {
  const unsigned char lead = byte_at(p);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  if (lead < 0xe0) return end - p >= 2 && is_continuation(p + 1) ? 2 : -1;
  if (end - p < 2) return -1;
  const unsigned char second = byte_at(p + 1);
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  if (second < low || second > high) return -1;
  if (end - p < 3 || !is_continuation(p + 2)) return -2;
  if (lead < 0xf0) return 3;
  return end - p >= 4 && is_continuation(p + 3) ? 4 : -3;
}

bool is_wtf8_surrogate(const char* p, const char* end) noexcept {
  return end - p >= 3 && byte_at(p) == 0xed && byte_at(p + 1) >= 0xa0 && is_continuation(p + 1) &&
         is_continuation(p + 2);
}

std::size_t character_count(std::string_view text) noexcept {
  std::size_t count = 0;
  bool after_selector = true;  // a selector at the very beginning follows no character
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    if (const std::size_t plain = ascii_run(p, end); plain != 0) {
      count += plain;
      p += plain;
      after_selector = false;
      continue;
    }
    const bool selector = end - p >= 3 && byte_at(p) == 0xef && byte_at(p + 1) == 0xb8 && (byte_at(p + 2) | 1) == 0x8f;
    // A selector counts only where it does not follow a character; of two in a row the second one counts.
    if (!selector || after_selector) ++count;
    after_selector = selector;
    const int step = is_wtf8_surrogate(p, end) ? 3 : utf8_step(p, end);
    p += step > 0 ? step : -step;
  }
  return count;
}

}  // namespace detail

std::size_t utf16_length(std::string_view text) noexcept {
  std::size_t units = 0;
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    const std::size_t plain = detail::ascii_run(p, end);
    units += plain;
    p += plain;
    while (p != end && detail::byte_at(p) >= 0x80) {
      const int step = detail::utf8_step(p, end);
      units += step == 4 ? 2 : 1;
      p += step > 0 ? step : -step;
    }
  }
  return units;
}

bool is_valid_utf8(std::string_view text) noexcept {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    p += detail::ascii_run(p, end);
    while (p != end && detail::byte_at(p) >= 0x80) {
      const int step = detail::utf8_step(p, end);
      if (step < 0) return false;
      p += step;
    }
  }
  return true;
}

}  // namespace nestcpp
