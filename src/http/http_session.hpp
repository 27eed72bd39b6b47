#pragma once
// A caller's connection. Everything happens on its loop, except `respond`, `go_on` and what `wait_for_body` gives.
//
// It reads a request, gives it to the dispatcher, which serves it on this loop, and reads the next one once the answer
// has been put into the output; what has been collected leaves in one write. One request is under way at a time, so
// that pipelined ones are answered in order, and the next one is not read while the peer does not take its answers.

#include "core/tcp_stream.hpp"
#include "http/body_reader.hpp"
#include "http/body_scanner.hpp"
#include "http/http_head.hpp"
#include "http/request_gate.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/http/http_server.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

class http_session;

/// What all connections of a server share; lives as long as the last of them.
struct server_shared {
  server_shared(http_dispatcher& to, http_server_options with, std::unique_ptr<body_readers> readers);

  http_dispatcher* dispatcher;  // not to be used by sessions that are closed
  http_server_options options;
  std::string keep_alive;
  std::unique_ptr<body_readers> bodies;
  std::atomic<bool> stopping{false};
  request_gate gate;
};

class http_session final
    : public http_responder,
      public body_waiter,
      public std::enable_shared_from_this<http_session>,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  http_session(event_loop& loop, tcp_stream stream, std::shared_ptr<server_shared> shared);
  ~http_session() override;

  void start();
  /// The answer to the request under way. On any thread.
  void respond(http_response response) noexcept override;
  /// A request that had to wait for its turn may begin.
  static void go_on(std::shared_ptr<http_session> waiter);
  [[nodiscard]] std::function<void()> wait_for_body() override;
  /// Cuts a peer that takes too long for something. To be called several times a second.
  void look_after(clock::time_point now);
  /// Closes where nothing is under way.
  void stop_reading();
  /// Answers 503 where a handler has not answered, then closes.
  void give_up();
  /// Closes at once.
  void cut() noexcept;

 private:
  enum class state : std::uint8_t {
    handshake,
    idle,  // the next request has not begun
    head,
    body,
    waiting,    // for its turn
    handling,   // the dispatcher has it
    streaming,  // the answer's body is being made
    closing,    // the last answer leaves
    lingering,  // the peer reads it
    closed,
  };

  void read();
  void on_received(boost::system::error_code error, std::size_t size);
  void on_end_of_input();
  void process();
  bool read_head();
  bool begin_body(http_head head);
  bool read_body();
  bool finish_body();
  void refuse(std::exception_ptr failure);
  void refuse_and_close(std::exception_ptr failure);
  bool dispatch();
  void begin_request() noexcept;
  void leave_gate(bool ended) noexcept;
  void send(http_response response);
  void begin_stream(http_response response);
  void start_stream();
  [[nodiscard]] task<void> write_all(std::string_view text);
  [[nodiscard]] task<void> stream_body(std::shared_ptr<http_body_source> source);
  void end_of_answer();
  void flush();
  void write_on();
  void close_after_output();
  void on_all_written();
  void linger();
  /// @param patience 0 = without a limit
  void set_state(state next, std::chrono::milliseconds patience);

  event_loop* loop_;
  std::shared_ptr<server_shared> shared_;
  tcp_stream stream_;
  std::string room_;  // what the read under way fills
  std::string in_;
  std::size_t begin_ = 0;  // of what is not consumed
  std::string out_;
  std::string writing_;
  std::size_t written_ = 0;  // of that
  head_scanner scanner_;
  std::optional<http_request> request_;
  std::exception_ptr failure_;  // why the request under way is refused
  // The body that is being read.
  struct body_in_progress {
    body_scanner scanner;
    std::unique_ptr<body_reader> reader;
    bool ended = false;  // all of it has come
  };
  std::optional<body_in_progress> body_;
  std::string request_id_;  // as the caller sent it, for one that nobody answers
  std::string remote_address_;
  std::shared_ptr<http_body_source> source_;
  boost::asio::cancellation_signal cancel_source_;
  clock::time_point limit_ = clock::time_point::max();        // of the state
  clock::time_point write_limit_ = clock::time_point::max();  // of the write under way
  std::size_t lingered_ = 0;
  state state_ = state::handshake;
  bool closes_ : 1 = false;  // after the answer
  bool old_ : 1 = false;     // HTTP/1.0
  bool head_only_ : 1 = false;
  bool reading_ : 1 = false;
  bool processing_ : 1 = false;
  bool chunks_out_ : 1 = false;
  bool begun_ : 1 = false;      // a request, for the gate
  bool has_place_ : 1 = false;  // of the gate
  bool peer_ended_ : 1 = false;
};

}  // namespace nestcpp::detail
