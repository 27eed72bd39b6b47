#pragma once
// A socket and its session. All members run on the connection's loop.
//
// A connection reads until it is held (a limit is reached), has seen the peer's end, or is told to end. Then, when no
// call is under way and all replies are sent, it says goodbye and waits a moment for the peer's: closing a socket with
// something unread would throw away what the peer has not received yet.

#include "core/tcp_stream.hpp"
#include "messaging/server_session.hpp"
#include "messaging/transports/tcp_server_load.hpp"

#include <nestcpp/messaging/transports/tcp/tcp_options.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace nestcpp::detail {

class tcp_server_connection final : public server_session {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // @param options must live until the connection is cut
  tcp_server_connection(event_loop& loop, message_dispatcher& dispatcher, const tcp_options& options, tcp_stream stream,
                        std::shared_ptr<loop_connections> registry);
  ~tcp_server_connection() override;

  void start();
  void flush_later() noexcept override;
  [[nodiscard]] bool congested() const noexcept override;
  [[nodiscard]] bool closed() const noexcept override { return closed_ || done_reading_; }
  void call_started() noexcept override;
  void call_ended() noexcept override;
  [[nodiscard]] bool may_stream() noexcept override;
  void stream_ended() noexcept override;
  // Serves what is buffered and reads on, as far as the limits allow.
  void go_on();
  // Reads no more, sends what is there, closes once no call is left that could reply.
  void close_gracefully();
  // Closes at once; replies that are not sent are lost.
  void cut() noexcept;
  // Cuts a peer that takes too long for something; takes the buffers from one that is idle. To be called every second
  // or more often.
  void look_after(time_point now);

 private:
  friend class loop_connections;

  [[nodiscard]] bool may_dispatch() override;
  [[nodiscard]] bool yield() override;
  void on_handshake(boost::system::error_code error);
  void wait_readable();
  void read();
  void on_read(boost::system::error_code error, std::size_t size);
  void flush();
  void on_written(boost::system::error_code error);
  void end_if_done();
  [[nodiscard]] bool is_overdue(time_point now);
  void release_buffers();
  [[nodiscard]] std::size_t unsent() const noexcept { return pending_output().size() + writing_.size(); }
  [[nodiscard]] boost::intrusive_ptr<tcp_server_connection> self() noexcept { return this; }

  const tcp_options* options_;
  tcp_stream stream_;
  std::shared_ptr<loop_connections> registry_;
  std::string writing_;    // handed to the socket; empty: nothing is being written
  std::size_t calls_ = 0;  // under way
  time_point last_read_{};
  time_point last_active_{};  // something was read or written; or since when the peer may shake hands, or say goodbye
  bool handshaking_ : 1 = false;
  bool reading_ : 1 = false;          // or waiting until there is something to be read
  bool has_read_buffer_ : 1 = false;  // where it is reading
  bool done_reading_ : 1 = false;     // what comes from now on is dropped
  bool peer_ended_ : 1 = false;
  bool saying_goodbye_ : 1 = false;
  bool closed_ : 1 = false;
  bool flush_scheduled_ : 1 = false;
  bool is_waiting_ : 1 = false;  // among those of the loop that wait for fewer calls
  bool yielding_ : 1 = false;    // goes on behind the others
};

}  // namespace nestcpp::detail
