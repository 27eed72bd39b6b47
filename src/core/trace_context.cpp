#include <nestcpp/core/trace_context.hpp>

#include <algorithm>
#include <cstddef>

namespace nestcpp {

namespace {

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;  // upper case is malformed
}

template <std::size_t N>
bool read_hex(std::string_view text, std::array<std::uint8_t, N>& out) noexcept {
  for (std::size_t i = 0; i < N; ++i) {
    const int high = digit_of(text[2 * i]);
    const int low = digit_of(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

template <std::size_t N>
void append_hex(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  constexpr const char* digits = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
}

template <std::size_t N>
bool is_zero(const std::array<std::uint8_t, N>& bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::string trace_context::trace_id_text() const {
  std::string text;
  append_hex(text, trace_id);
  return text;
}

std::string trace_context::parent_id_text() const {
  std::string text;
  append_hex(text, parent_id);
  return text;
}

std::string trace_context::to_string() const {
  std::string text = "00-";
  append_hex(text, trace_id);
  text += '-';
  append_hex(text, parent_id);
  text += '-';
  append_hex(text, std::array{flags});
  return text;
}

std::optional<trace_context> trace_context::parse(std::string_view traceparent) noexcept {
  constexpr std::size_t length = 55;
  if (traceparent.size() < length) return std::nullopt;
  if (traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-') return std::nullopt;
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  trace_context parsed;
  if (!read_hex(traceparent, version) || version[0] == 0xff) return std::nullopt;
  if (!read_hex(traceparent.substr(3), parsed.trace_id) || is_zero(parsed.trace_id)) return std::nullopt;
  if (!read_hex(traceparent.substr(36), parsed.parent_id) || is_zero(parsed.parent_id)) return std::nullopt;
  if (!read_hex(traceparent.substr(53), flags)) return std::nullopt;
  if (traceparent.size() > length && (version[0] == 0 || traceparent[length] != '-')) return std::nullopt;
  parsed.flags = flags[0];
  return parsed;
}

}  // namespace nestcpp
