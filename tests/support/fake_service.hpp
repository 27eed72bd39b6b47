#pragma once
/// @file
/// A neighbour in NestJS's TCP format whose behaviour a test decides: answers, refuses, keeps silent or hangs up.

#include "support/nest_frames.hpp"
#include "support/socket.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace support {

/// What came in.
struct nest_packet {
  std::string text;
  boost::json::object packet;

  [[nodiscard]] std::string pattern() const;
  [[nodiscard]] const boost::json::value& data() const { return packet.at("data"); }
  [[nodiscard]] bool is_event() const { return !packet.contains("id"); }
};

/// What a test lets the neighbour do with a request. Texts are JSON.
struct respond {
  std::string response;
};
struct refuse {
  std::string err;
};
struct keep_silent {};
struct hang_up {};
using reaction = std::variant<respond, refuse, keep_silent, hang_up>;

class fake_service {
 public:
  using handler = std::function<reaction(const nest_packet&)>;

  /// @param react is called on the connection's own thread for every packet, events too (their reaction is ignored, but
  /// for `hang_up`); it may block, until `stop` at the longest
  explicit fake_service(handler react, std::uint16_t port = 0);
  ~fake_service() { stop(); }
  fake_service(const fake_service&) = delete;
  fake_service& operator=(const fake_service&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// All that came so far on this pattern.
  [[nodiscard]] std::vector<nest_packet> received(std::string_view pattern) const;
  [[nodiscard]] std::size_t count(std::string_view pattern) const { return received(pattern).size(); }
  /// Stops listening and closes all connections.
  void stop();

 private:
  struct connection {
    tcp_stream stream;
    std::thread thread;
  };
  void accept_connections();
  void serve(tcp_stream& stream);

  handler react_;
  tcp_listener listener_;
  std::uint16_t port_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<nest_packet> packets_;
  std::list<connection> connections_;
  std::thread acceptor_;
};

}  // namespace support
