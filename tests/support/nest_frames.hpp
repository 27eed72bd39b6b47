#pragma once
/// @file
/// NestJS's TCP framing, written apart from the library's own so that a mistake there shows: strict where NestJS is
/// lenient, as what our services send must be right, not only readable.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace support {

/// The length of a valid UTF-8 text in UTF-16 code units. @throws std::runtime_error where it is not valid
std::size_t utf16_length(std::string_view text);

/// `<length in UTF-16 units>#<json>`.
std::string to_frame(std::string_view json);

/// Takes frames out of what comes in.
class frame_reader {
 public:
  void append(std::string_view bytes) { buffer_ += bytes; }
  /// The next whole frame's JSON. @throws std::runtime_error where the bytes are no frame
  std::optional<std::string> next();

 private:
  std::string buffer_;
};

}  // namespace support
