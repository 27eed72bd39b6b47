#pragma once
/// @file
/// A server that takes what it is sent and answers as it is told, on a connection or more, in a thread of its own.

#include "support/socket.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace replay {

/// What happens once so many packets have come.
struct script {
  std::size_t packets = 1;
  /// The replies, in which the ids of the requests, in their order, take the place of these.
  std::string replies;
  std::vector<std::string> ids;
  enum class then { keep_open, end, reset } after = then::keep_open;
};

class scripted_server {
 public:
  explicit scripted_server(script play);
  ~scripted_server();

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  /// Packets that came, as JSON texts. @return false where fewer came within the limit
  bool wait_for(std::size_t packets, support::milliseconds limit = support::patience);
  /// The client has closed its side.
  [[nodiscard]] bool wait_for_end(support::milliseconds limit = support::patience);
  [[nodiscard]] std::vector<std::string> packets() const;
  [[nodiscard]] std::size_t connections() const;

 private:
  void run();
  void serve(support::tcp_stream& stream);

  script play_;
  support::tcp_listener listener_;
  mutable std::mutex mutex_;
  std::vector<std::string> packets_;
  std::size_t connections_ = 0;
  bool ended_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

/// The id in a packet's text, without its quotes; empty where there is none.
[[nodiscard]] std::string id_of(const std::string& packet);

/// Each of `from` in `text` becomes the one of `to` in its place.
[[nodiscard]] std::string replaced(std::string text, const std::vector<std::string>& from,
                                   const std::vector<std::string>& to);

}  // namespace replay
