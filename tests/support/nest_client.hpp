#pragma once
/// @file
/// A caller that speaks NestJS's TCP format, byte for byte as NestJS 11's client does.

#include "support/nest_frames.hpp"
#include "support/socket.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace support {

/// An answer: its text as it came, and what it says.
struct nest_reply {
  std::string text;
  boost::json::object packet;

  [[nodiscard]] bool is_error() const { return packet.contains("err"); }
  /// `response` or `err` as JSON text, keys in the order they came; empty where there is none.
  [[nodiscard]] std::string response() const;
  [[nodiscard]] std::string err() const;
  /// What is in `response`. @throws std::runtime_error where the answer is an error
  [[nodiscard]] const boost::json::value& value() const;
};

/// One connection; not for several threads.
class nest_client {
 public:
  explicit nest_client(std::uint16_t port) : stream_{tcp_stream::connect(port)} {}

  /// Sends a request and waits for its answer. @param data JSON text
  nest_reply request(std::string_view pattern, std::string_view data, milliseconds limit = patience);
  /// Sends an event, which nobody answers.
  void emit(std::string_view pattern, std::string_view data);

  /// Sends a packet as it is; `receive` takes the next answer, whatever its id.
  void send_packet(std::string_view json) { stream_.send(to_frame(json)); }
  nest_reply receive(milliseconds limit = patience);
  tcp_stream& stream() { return stream_; }

 private:
  tcp_stream stream_;
  frame_reader frames_;
  int last_id_ = 0;
};

/// How many packets come, until there are `count` or the peer ends its side.
int count_answers(tcp_stream& stream, int count);

}  // namespace support
