#include "messaging/json_scan.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace nestcpp::detail {
namespace {

// What is open: a bit for each level, set for objects.
class open_levels {
 public:
  [[nodiscard]] bool empty() const noexcept { return depth_ == 0; }
  [[nodiscard]] bool in_object() const noexcept { return (word(depth_ - 1) >> ((depth_ - 1) % 64) & 1) != 0; }
  [[nodiscard]] std::size_t deepest() const noexcept { return deepest_; }

  void open(bool object) {
    if (depth_ == inline_levels + more_.size() * 64) more_.push_back(0);
    auto& bits = word(depth_);
    const std::uint64_t bit{std::uint64_t{1} << (depth_ % 64)};
    bits = object ? bits | bit : bits & ~bit;
    deepest_ = std::max(deepest_, ++depth_);
  }
  void close() noexcept { --depth_; }

 private:
  static constexpr std::size_t inline_levels{256};

  [[nodiscard]] std::uint64_t& word(std::size_t level) noexcept {
    return level < inline_levels ? first_[level / 64] : more_[(level - inline_levels) / 64];
  }
  [[nodiscard]] const std::uint64_t& word(std::size_t level) const noexcept {
    return level < inline_levels ? first_[level / 64] : more_[(level - inline_levels) / 64];
  }

  std::size_t depth_{0};
  std::size_t deepest_{0};
  std::uint64_t first_[inline_levels / 64]{};
  std::vector<std::uint64_t> more_;
};

constexpr std::uint64_t every_byte(unsigned char byte) { return 0x0101010101010101 * std::uint64_t{byte}; }

// The high bit of each byte that is a quote, a backslash or a control character; the lowest one is exact.
std::uint64_t special_bytes(std::uint64_t word) noexcept {
  constexpr auto ones = every_byte(0x01);
  const auto quotes = word ^ every_byte('"');
  const auto backslashes = word ^ every_byte('\\');
  return (((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) | ((word - every_byte(0x20)) & ~word)) &
         every_byte(0x80);
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex(char c) noexcept { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

const char* skip_digits(const char* at, const char* end) noexcept {
  while (at != end && is_digit(*at)) ++at;
  return at;
}

const char* skip_number(const char* at, const char* end) noexcept {
  if (*at == '-' && ++at == end) return nullptr;
  if (!is_digit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at, end);
  if (at != end && *at == '.') {
    const char* fraction = ++at;
    if ((at = skip_digits(at, end)) == fraction) return nullptr;
  }
  if (at != end && (*at | 0x20) == 'e') {
    if (++at != end && (*at == '+' || *at == '-')) ++at;
    const char* exponent = at;
    if ((at = skip_digits(at, end)) == exponent) return nullptr;
  }
  return at;
}

const char* skip_word(const char* at, const char* end, std::string_view word) noexcept {
  if (static_cast<std::size_t>(end - at) < word.size() || std::memcmp(at, word.data(), word.size()) != 0)
    return nullptr;
  return at + word.size();
}

const char* skip_scalar(const char* at, const char* end) noexcept {
  switch (*at) {
    case '"': {
      bool escaped{};
      return skip_json_string(at + 1, end, escaped);
    }
    case 't': return skip_word(at, end, "true");
    case 'f': return skip_word(at, end, "false");
    case 'n': return skip_word(at, end, "null");
    default: return skip_number(at, end);
  }
}

// From a key's opening quote to the first character of its value.
const char* skip_key(const char* at, const char* end) noexcept {
  bool escaped{};
  if (at == end || *at != '"' || (at = skip_json_string(at + 1, end, escaped)) == nullptr) return nullptr;
  at = skip_json_space(at, end);
  if (at == end || *at != ':') return nullptr;
  return skip_json_space(at + 1, end);
}

}  // namespace

const char* skip_json_string(const char* at, const char* end, bool& escaped) noexcept {
  for (;;) {
    if constexpr (std::endian::native == std::endian::little) {
      while (end - at >= 8) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        const auto special = special_bytes(word);
        if (special != 0) {
          at += std::countr_zero(special) / 8;
          break;
        }
        at += 8;
      }
    }
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
    if (at == end) return nullptr;
    if (*at == '"') return at + 1;
    if (*at != '\\') return nullptr;
    escaped = true;
    if (++at == end) return nullptr;
    switch (*at++) {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't': break;
      case 'u':
        if (end - at < 4 || !std::all_of(at, at + 4, is_hex)) return nullptr;
        at += 4;
        break;
      default: return nullptr;
    }
  }
}

const char* skip_json_value(const char* at, const char* end, std::size_t* depth) {
  if (depth != nullptr) *depth = 0;
  if (at == end) return nullptr;
  if (*at != '{' && *at != '[') return skip_scalar(at, end);

  open_levels levels;
  for (;;) {
    // at a value
    if (at == end) return nullptr;
    if (*at == '{' || *at == '[') {
      const bool object{*at == '{'};
      levels.open(object);
      at = skip_json_space(at + 1, end);
      if (at == end) return nullptr;
      if (*at != (object ? '}' : ']')) {
        if (object && (at = skip_key(at, end)) == nullptr) return nullptr;
        continue;
      }
      levels.close();
      ++at;
    } else if ((at = skip_scalar(at, end)) == nullptr) {
      return nullptr;
    }
    // behind a value
    for (;;) {
      if (levels.empty()) {
        if (depth != nullptr) *depth = levels.deepest();
        return at;
      }
      at = skip_json_space(at, end);
      if (at == end) return nullptr;
      const bool object{levels.in_object()};
      if (*at == ',') {
        at = skip_json_space(at + 1, end);
        if (object && (at = skip_key(at, end)) == nullptr) return nullptr;
        break;
      }
      if (*at != (object ? '}' : ']')) return nullptr;
      levels.close();
      ++at;
    }
  }
}

std::string_view trim_json(std::string_view text, std::size_t* depth) {
  const char* const end = text.data() + text.size();
  const char* const begin = skip_json_space(text.data(), end);
  const char* const stop = skip_json_value(begin, end, depth);
  if (stop == nullptr || skip_json_space(stop, end) != end) return {};
  return {begin, static_cast<std::size_t>(stop - begin)};
}

}  // namespace nestcpp::detail
