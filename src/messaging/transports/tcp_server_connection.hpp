#pragma once
// A socket and its session. All members run on the connection's loop.

#include "messaging/server_session.hpp"
#include "messaging/transports/tcp_stream.hpp"

#include <nestcpp/messaging/transports/tcp/tcp_options.hpp>

#include <chrono>
#include <string>
#include <unordered_set>

namespace nestcpp::detail {

class tcp_server_connection;

// The connections of one loop; touched on that loop only.
struct loop_connections {
  std::unordered_set<tcp_server_connection*> open;
};

class tcp_server_connection final : public server_session {
 public:
  tcp_server_connection(event_loop& loop, message_dispatcher& dispatcher, const tcp_options& options, tcp_stream stream,
                        std::shared_ptr<loop_connections> registry);
  ~tcp_server_connection() override;

  void start();
  void flush_later() noexcept override;
  // Stops reading, sends what is there, closes once no handler is left that could reply.
  void close_gracefully();
  // Closes at once; replies that are not sent are lost.
  void cut() noexcept;
  // Cuts a peer that stopped in the middle of a packet, or that takes too long to shake hands.
  void check_stalled(std::chrono::steady_clock::time_point now);

 private:
  void on_handshake(boost::system::error_code error);
  void read();
  void on_read(boost::system::error_code error, std::size_t size);
  void flush();
  void on_written(boost::system::error_code error);
  [[nodiscard]] std::size_t unsent() noexcept { return output().size() + writing_.size(); }

  const tcp_options* options_;
  tcp_stream stream_;
  std::shared_ptr<loop_connections> registry_;
  std::string writing_;                                // handed to the socket; empty: nothing is being written
  std::chrono::steady_clock::time_point last_read_{};  // or since when the peer may shake hands
  bool handshaking_ = false;
  bool reading_ = false;
  bool done_reading_ = false;
  bool closed_ = false;
  bool flush_scheduled_ = false;
};

}  // namespace nestcpp::detail
