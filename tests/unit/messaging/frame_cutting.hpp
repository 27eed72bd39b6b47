#pragma once
// Feeding a stream to a frame_decoder in given pieces.

#include <nestcpp/messaging/frame.hpp>

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp::test {

struct cut_stream {
  std::vector<std::string> frames;
  frame_error error{frame_error::none};
  std::string error_text;
  bool mid_frame{false};

  bool operator==(const cut_stream&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const cut_stream& cut) {
  out << cut.frames.size() << " frames";
  for (const auto& frame : cut.frames) out << "\n  " << frame;
  return out << "\n  error: " << cut.error_text << (cut.mid_frame ? "\n  in the middle of a frame" : "");
}

inline void feed(frame_decoder& decoder, std::string_view piece) {
  const auto room = decoder.prepare(piece.size());
  std::ranges::copy(piece, room.begin());
  decoder.commit(piece.size());
}

inline void take_all(frame_decoder& decoder, cut_stream& into) {
  std::vector<std::string_view> texts;
  std::string_view text;
  frame_decoder::status status{};
  while ((status = decoder.next(text)) == frame_decoder::status::frame) texts.push_back(text);
  into.frames.insert(into.frames.end(), texts.begin(), texts.end());  // all views of a read are valid together
  into.error = status == frame_decoder::status::error ? decoder.error() : frame_error::none;
  into.error_text = decoder.error_text();
  into.mid_frame = decoder.mid_frame();
}

/// Cuts the stream at the given ascending offsets, one read for each piece.
inline cut_stream cut_at(std::string_view stream, const std::vector<std::size_t>& offsets,
                         std::size_t max_buffer_size = frame_decoder::default_max_buffer_size) {
  frame_decoder decoder{max_buffer_size};
  cut_stream result;
  std::size_t from{0};
  for (std::size_t i{0}; i <= offsets.size(); ++i) {
    const std::size_t to = i < offsets.size() ? offsets[i] : stream.size();
    feed(decoder, stream.substr(from, to - from));
    take_all(decoder, result);
    from = to;
  }
  return result;
}

inline cut_stream in_one_piece(std::string_view stream,
                               std::size_t max_buffer_size = frame_decoder::default_max_buffer_size) {
  return cut_at(stream, {}, max_buffer_size);
}

inline std::vector<std::size_t> every_byte_of(std::string_view stream) {
  std::vector<std::size_t> offsets;
  for (std::size_t i{1}; i < stream.size(); ++i) offsets.push_back(i);
  return offsets;
}

template <class Random>
std::vector<std::size_t> random_cuts(std::string_view stream, Random& random) {
  std::vector<std::size_t> offsets(std::uniform_int_distribution<std::size_t>{0, 8}(random));
  for (auto& offset : offsets) offset = std::uniform_int_distribution<std::size_t>{0, stream.size()}(random);
  std::ranges::sort(offsets);
  return offsets;
}

}  // namespace nestcpp::test
