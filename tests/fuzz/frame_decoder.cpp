// A stream is cut into the same frames in one piece, byte by byte and in random pieces.
#include "fuzz/expect.hpp"
#include "unit/messaging/frame_cutting.hpp"

#include <nestcpp/dto/text.hpp>
#include <nestcpp/messaging/frame.hpp>

#include <cstdint>
#include <random>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nestcpp;
  using namespace nestcpp::test;
  if (size < 2) return 0;
  std::mt19937 random{data[0]};
  const std::size_t limit = data[1] < 128 ? data[1] : frame_decoder::default_max_buffer_size;
  const std::string_view stream{reinterpret_cast<const char*>(data) + 2, size - 2};

  const auto whole = in_one_piece(stream, limit);
  EXPECT(cut_at(stream, random_cuts(stream, random), limit) == whole);
  if (size < 512) EXPECT(cut_at(stream, every_byte_of(stream), limit) == whole);

  std::string written;
  for (const auto& frame : whole.frames) {
    EXPECT(utf16_length(frame) <= limit);
    append_frame(written, frame);
  }
  const auto again = in_one_piece(written);
  EXPECT(again.frames == whole.frames);
  EXPECT(again.error == frame_error::none && !again.mid_frame);
  return 0;
}
