// The adapter on cpp-httplib, and the only file that includes it. Written for 0.11 to 0.20; what differs between them
// is `process` and the members of `httplib_stream`.
//
// Of cpp-httplib's server the reading of bodies is used: their framing and their decompression. Its listener shares
// ports, its keep-alive holds a thread per idle connection, its reader of heads answers in its own words, takes what
// others refuse, knows ten methods and 1024 descriptors, and its writer takes two system calls for an answer; so
// connections, heads and answers are ours, and it gets a head that holds nothing but the body's framing.

#include "http/answers.hpp"
#include "http/blocking_body.hpp"
#include "http/connection.hpp"
#include "http/connection_host.hpp"
#include "http/http_head.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/http/http_server.hpp>

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace nestcpp {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"HttpServer"};
constexpr auto stop_check_interval = 250ms;

/// Waits on a connection's thread for the answer that a loop gives.
class waiting_responder final : public http_responder {
 public:
  void respond(http_response response) noexcept override {
    {
      const std::lock_guard lock{mutex_};
      response_ = std::move(response);
    }
    answered_.notify_one();  // unlocked: who wakes at once must not have to wait for this thread again
  }
  /// nullopt: the server or the runtime stopped first.
  template <class Stopped>
  std::optional<http_response> wait(const Stopped& stopped) {
    std::unique_lock lock{mutex_};
    while (!answered_.wait_for(lock, stop_check_interval, [this] { return response_.has_value(); })) {
      if (stopped()) break;
    }
    return std::exchange(response_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::optional<http_response> response_;
};

/// What cpp-httplib reads: the head we made for it, then the connection. No `override`: which members the base has
/// depends on its version.
class httplib_stream final : public httplib::Stream {
 public:
  httplib_stream(detail::connection& link, std::string head) : link_{link}, head_{std::move(head)} {}

  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  ssize_t read(char* to, size_t size) {
    if (at_ == head_.size()) return link_.read(to, size);
    const std::size_t taken = head_.copy(to, size, at_);
    at_ += taken;
    return static_cast<ssize_t>(taken);
  }
  /// What cpp-httplib would say is dropped: all that is answered is ours.
  ssize_t write(const char*, size_t size) { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string&, int&) const {}
  void get_local_ip_and_port(std::string&, int&) const {}
  // Not asked for but to be compared with FD_SETSIZE, which does not bind us.
  socket_t socket() const { return 0; }
  time_t duration() const { return 0; }

 private:
  detail::connection& link_;
  std::string head_;
  std::size_t at_ = 0;
};

/// One request and what is known about its answer.
struct exchange {
  http_request request;
  std::exception_ptr failure;  // why it is refused; null: it is not
  std::string framing;         // the head for cpp-httplib; empty: there is no body to read
  bool is_whole = false;       // the body
  bool is_compressed = false;
  bool closes = false;
  bool is_old = false;  // HTTP/1.0
  bool is_head = false;
};

/// cpp-httplib's server without its sockets.
class httplib_engine final : private httplib::Server {
 public:
  httplib_engine(http_dispatcher& dispatcher, const http_server_options& options)
      : dispatcher_{dispatcher}, options_{options} {
    set_payload_max_length(std::numeric_limits<std::size_t>::max());  // we count what comes out of decompression, too
    Post("/", [this](const httplib::Request&, httplib::Response& out, const httplib::ContentReader& read) {
      read_body(read, out);
    });
    keep_alive_ =
        "timeout=" + std::to_string(std::chrono::ceil<std::chrono::seconds>(options.keep_alive_timeout).count());
  }

  /// Serves the next request of a connection; false: it is to be closed.
  bool serve(detail::connection& link) noexcept {
    try {
      return serve_next(link);
    } catch (const std::exception& failure) {
      log.error("a connection failed: {}", failure.what());
    } catch (...) {
      log.error("a connection failed");
    }
    return false;
  }

  /// Asked by waiting threads.
  void set_host(const detail::connection_host* host) noexcept { host_ = host; }

 private:
  bool serve_next(detail::connection& link) {
    using head_status = detail::connection::head_status;
    exchange now;
    switch (link.read_head()) {
      case head_status::complete: prepare(link, now); break;
      case head_status::closed: return false;
      case head_status::timed_out: refuse(now, detail::refusal(408)); break;
      case head_status::target_too_long: refuse(now, detail::refusal(414)); break;
      case head_status::too_large: refuse(now, detail::refusal(431)); break;
      case head_status::malformed: refuse(now, detail::refusal(400)); break;
    }
    if (!now.framing.empty()) read_body(link, now);

    http_response response = ask(now);
    if (host_->is_stopping() || response.headers.get("Connection") == "close") now.closes = true;
    if (!write(link, now, response) || !link.flush()) return false;
    if (now.closes) link.close_gently();
    return !now.closes;
  }

  static void refuse(exchange& now, std::exception_ptr failure) {
    now.failure = std::move(failure);
    now.closes = true;
  }

  // What is to be done for the request whose head has come.
  void prepare(detail::connection& link, exchange& now) {
    detail::http_head head = detail::parse_http_head(link.head());
    link.consume_head(deadline::after(options_.body_timeout));
    now.closes = head.closes;
    now.is_old = head.is_http_1_0;
    now.is_head = head.request.method() == http_method::head;
    now.request = std::move(head.request);
    now.request.remote_address = link.remote_address();
    if (head.refused != 0) return refuse(now, detail::refusal(head.refused));
    if (now.request.target().size() > options_.max_target_size) return refuse(now, detail::refusal(414));
    if (!head.has_body()) return;
    if (now.is_head) {
      now.closes = true;  // nobody reads a body here, and without that the next request cannot be found
      return;
    }
    const std::string& coding = head.content_encoding;
    if (head.content_length.value_or(0) > dispatcher_.body_limit(now.request)) {
      return refuse(now, request_entity_too_large());
    }
    if (!coding.empty() && coding != "gzip" && coding != "deflate" && coding != "br") {
      return refuse(now, detail::unsupported_coding(coding));
    }
    now.is_compressed = !coding.empty();
    now.framing = "POST / HTTP/1.1\r\n";
    now.framing += head.chunked ? "Transfer-Encoding: chunked\r\n"
                                : "Content-Length: " + std::to_string(*head.content_length) + "\r\n";
    if (!coding.empty()) now.framing += "Content-Encoding: " + coding + "\r\n";
    now.framing += "\r\n";
    if (head.expects_continue) link.output() += "HTTP/1.1 100 Continue\r\n\r\n";
  }

  void read_body(detail::connection& link, exchange& now) {
    httplib_stream stream{link, std::move(now.framing)};
    link_ = &link;
    current_ = &now;
    static_cast<void>(process(*this, stream));
    current_ = nullptr;
    if (!now.is_whole && !now.failure) refuse(now, detail::refusal(400));
  }

  // Called by cpp-httplib.
  void read_body(const httplib::ContentReader& read, httplib::Response& out) {
    exchange& now = *current_;
    std::string& body = now.request.body;
    const std::size_t limit = dispatcher_.body_limit(now.request);
    bool too_large = false;
    const bool whole = read([&](const char* data, std::size_t size) {
      too_large = size > limit - body.size();
      if (!too_large) body.append(data, size);
      return !too_large;
    });
    now.is_whole = whole;
    if (whole) return;
    body.clear();
    refuse(now, too_large            ? request_entity_too_large()
                : link_->timed_out() ? detail::refusal(408)
                : out.status == 415  ? detail::unsupported_coding("br")  // built without it
                : now.is_compressed  ? detail::bad_compression()
                                     : detail::refusal(400));
  }

  bool write(detail::connection& link, exchange& now, http_response& response) const {
    if (response.source && !detail::has_no_body(response.status)) return write_streamed(link, now, response);
    std::string& out = link.output();
    detail::append_head(out, response, detail::body_framing::length, response.body.size(), now.closes, keep_alive_);
    if (!now.is_head) out += response.body;
    return true;
  }

  bool write_streamed(detail::connection& link, exchange& now, http_response& response) const {
    detail::blocking_body body{std::move(response.source)};
    const auto size = body.size();
    if (!size && now.is_old) now.closes = true;
    const auto framing = size         ? detail::body_framing::length
                         : now.is_old ? detail::body_framing::until_close
                                      : detail::body_framing::chunked;
    detail::append_head(link.output(), response, framing, size.value_or(0), now.closes, keep_alive_);
    if (now.is_head) return true;
    std::string text;
    const auto given_up = [&] { return host_->is_closing() || dispatcher_.is_stopped() || link.peer_has_gone(); };
    std::uint64_t given = 0;
    while (true) {
      if (!link.flush()) return false;
      const auto piece = body.next(given_up);
      if (!piece) return false;
      if (piece->empty()) break;
      given += piece->size();
      text.clear();
      if (framing == detail::body_framing::chunked) {
        detail::append_chunk(text, *piece);
      } else {
        text = *piece;
      }
      if (size && given > *size) {
        log.error("an answer was broken off: its source gave more than its size()");
        return false;
      }
      if (!link.write(text.data(), text.size())) return false;
    }
    if (size && given != *size) {
      log.error("an answer was broken off: its source gave less than its size()");
      return false;
    }
    return framing != detail::body_framing::chunked || link.write(detail::last_chunk.data(), detail::last_chunk.size());
  }

  http_response ask(exchange& now) {
    const std::string id{now.request.headers.get("X-Request-Id").value_or("")};
    const auto responder = std::make_shared<waiting_responder>();
    if (now.failure) {
      dispatcher_.refuse(std::move(now.request), now.failure, responder);
    } else {
      dispatcher_.dispatch(std::move(now.request), responder);
    }
    auto response = responder->wait([this] { return host_->is_closing() || dispatcher_.is_stopped(); });
    if (response) return std::move(*response);
    return dispatcher_.unanswered(id);
  }

  // A template, so that the signature the installed version does not have is not looked at.
  template <class Engine>
  static bool process(Engine& engine, httplib_stream& stream) {
    bool closed = false;
    const std::function<void(httplib::Request&)> no_setup;
    if constexpr (requires { engine.process_request(stream, true, closed, no_setup); }) {
      return engine.process_request(stream, true, closed, no_setup);
    } else {
      return engine.process_request(stream, std::string{}, 0, std::string{}, 0, true, closed, no_setup);
    }
  }

  // cpp-httplib calls its handlers on the thread that called `process`.
  static thread_local exchange* current_;
  static thread_local detail::connection* link_;

  http_dispatcher& dispatcher_;
  const http_server_options& options_;
  const detail::connection_host* host_ = nullptr;
  std::string keep_alive_;
};

thread_local exchange* httplib_engine::current_ = nullptr;
thread_local detail::connection* httplib_engine::link_ = nullptr;

class httplib_server final : public http_server {
 public:
  httplib_server(http_dispatcher& dispatcher, http_server_options options)
      : options_{std::move(options)},
        engine_{dispatcher, options_},
        host_{options_, [this](detail::connection& link) { return engine_.serve(link); }} {
    engine_.set_host(&host_);
  }
  void start() override { host_.start(); }
  [[nodiscard]] std::uint16_t port() const noexcept override { return host_.port(); }
  void stop_accepting() override { host_.stop_accepting(); }
  [[nodiscard]] bool drain(deadline limit) override { return host_.drain(limit); }
  void close() override { host_.close(); }

 private:
  const http_server_options options_;
  httplib_engine engine_;
  detail::connection_host host_;
};

}  // namespace

std::unique_ptr<http_server> make_httplib_server(http_dispatcher& dispatcher, http_server_options options) {
  return std::make_unique<httplib_server>(dispatcher, std::move(options));
}

}  // namespace nestcpp
