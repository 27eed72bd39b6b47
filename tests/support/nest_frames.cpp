#include "support/nest_frames.hpp"

#include <charconv>
#include <stdexcept>

namespace support {

namespace {

/// The length in bytes of the character that begins so; 0 where none does.
std::size_t bytes_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// Where the text of `units` UTF-16 units ends; nothing where it has not all come.
std::optional<std::size_t> end_of(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (units > 0) {
    if (at == text.size()) return std::nullopt;
    const std::size_t bytes = bytes_of(static_cast<unsigned char>(text[at]));
    if (bytes == 0) throw std::runtime_error{"a frame that is no UTF-8"};
    if (text.size() - at < bytes) return std::nullopt;
    const std::size_t width = bytes == 4 ? 2 : 1;
    if (width > units) throw std::runtime_error{"a frame that ends within a character"};
    units -= width;
    at += bytes;
  }
  return at;
}

}  // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = bytes_of(static_cast<unsigned char>(text[at]));
    if (bytes == 0 || bytes > text.size() - at) throw std::runtime_error{"a text that is no UTF-8"};
    units += bytes == 4 ? 2 : 1;
    at += bytes;
  }
  return units;
}

std::string to_frame(std::string_view json) {
  std::string frame = std::to_string(utf16_length(json));
  frame += '#';
  frame += json;
  return frame;
}

std::optional<std::string> frame_reader::next() {
  const std::size_t hash = buffer_.find('#');
  if (hash == std::string::npos) {
    if (buffer_.find_first_not_of("0123456789") != std::string::npos) {
      throw std::runtime_error{"no frame: " + buffer_.substr(0, 80)};
    }
    return std::nullopt;
  }
  std::size_t units = 0;
  const char* const end = buffer_.data() + hash;
  const auto [stop, error] = std::from_chars(buffer_.data(), end, units);
  if (error != std::errc{} || stop != end) throw std::runtime_error{"no frame: " + buffer_.substr(0, 80)};
  const auto length = end_of(std::string_view{buffer_}.substr(hash + 1), units);
  if (!length) return std::nullopt;
  std::string json = buffer_.substr(hash + 1, *length);
  buffer_.erase(0, hash + 1 + *length);
  return json;
}

}  // namespace support
