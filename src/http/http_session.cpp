// A connection's requests; its answers are in http_session_answers.cpp.

#include "http/http_session.hpp"

#include "http/answers.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace nestcpp::detail {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"HttpServer"};
constexpr std::size_t read_size = 1024;  // what an idle connection costs; a usual request fits
constexpr std::size_t body_read_size = 64 * 1024;
constexpr std::size_t flush_size = 64 * 1024;  // answers collected before they leave
constexpr std::size_t linger_size = 16 * 1024 * 1024;

std::string address_of(tcp_stream& stream) {
  boost::system::error_code error;
  const auto peer = stream.socket().remote_endpoint(error);
  return error ? std::string{} : peer.address().to_string();
}

}  // namespace

server_shared::server_shared(http_dispatcher& to, http_server_options with, std::unique_ptr<body_readers> readers)
    : dispatcher{&to},
      options{std::move(with)},
      keep_alive{"timeout=" +
                 std::to_string(std::chrono::ceil<std::chrono::seconds>(options.keep_alive_timeout).count())},
      bodies{std::move(readers)},
      gate{options.max_connections} {}

http_session::http_session(event_loop& loop, tcp_stream stream, std::shared_ptr<server_shared> shared)
    : loop_{&loop}, shared_{std::move(shared)}, stream_{std::move(stream)}, remote_address_{address_of(stream_)} {
  boost::system::error_code ignored;
  stream_.socket().set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  stream_.socket().non_blocking(true, ignored);
}

http_session::~http_session() { leave_gate(true); }

void http_session::start() {
  if (!stream_.has_tls()) {
    set_state(state::idle, shared_->options.head_timeout);
    return read();
  }
  set_state(state::handshake, shared_->options.tls->handshake_timeout);
  stream_.async_handshake([self = shared_from_this()](boost::system::error_code error) {
    if (self->state_ != state::handshake) return;
    if (error) {
      log.debug("{}: no TLS connection: {}", self->remote_address_, self->stream_.explain(error));
      return self->cut();
    }
    self->set_state(state::idle, self->shared_->options.head_timeout);
    self->read();
  });
}

void http_session::set_state(state next, std::chrono::milliseconds patience) {
  state_ = next;
  limit_ = patience.count() > 0 ? clock::now() + patience : clock::time_point::max();
}

// ---- reading

void http_session::read() {
  if (reading_ || state_ == state::closed) return;
  reading_ = true;
  in_.erase(0, std::exchange(begin_, 0));
  if (in_.empty() && in_.capacity() > read_size) in_ = {};
  const std::size_t room = state_ == state::body ? body_read_size : read_size;
  if (room_.size() > room) room_ = {};
  room_.resize(room);
  // Apart from the input: a request may be read while this waits.
  stream_.async_read_some(boost::asio::buffer(room_.data(), room_.size()),
                          [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                            self->on_received(error, size);
                          });
}

void http_session::on_received(boost::system::error_code error, std::size_t size) {
  reading_ = false;
  if (state_ == state::closed) return;
  if (error) return on_end_of_input();
  if (state_ == state::lingering) {
    lingered_ += size;
    if (lingered_ > linger_size) return cut();
    return read();
  }
  in_.append(room_.data(), size);
  if (state_ == state::streaming) {
    if (in_.size() < flush_size) read();
    return;
  }
  process();
}

void http_session::on_end_of_input() {
  peer_ended_ = true;
  switch (state_) {
    case state::body:
      if (!body_->ended) refuse_and_close(refusal(400));
      return;
    case state::waiting:
    case state::handling:
    case state::closing: return;
    case state::idle:
    case state::head: return close_after_output();
    default: return cut();
  }
}

// ---- requests

void http_session::process() {
  if (processing_) return;
  processing_ = true;
  bool more = true;
  do {
    while (more && out_.size() < flush_size) {
      switch (state_) {
        case state::idle:
        case state::head: more = read_head(); break;
        case state::body: more = body_->ended ? finish_body() : read_body(); break;
        default: more = false;
      }
    }
    flush();
  } while (more && out_.empty() && writing_.empty());
  processing_ = false;
  const bool wants_input = state_ == state::idle || state_ == state::head || (state_ == state::body && !body_->ended);
  if (wants_input && writing_.empty()) read();
}

// True: go on.
bool http_session::read_head() {
  while (state_ == state::idle && in_.size() - begin_ >= 2 && in_.compare(begin_, 2, "\r\n") == 0) begin_ += 2;
  const std::string_view input = std::string_view{in_}.substr(begin_);
  if (input.empty() || (state_ == state::idle && input == "\r")) return false;
  if (state_ == state::idle) {
    if (shared_->stopping.load(std::memory_order_relaxed)) {
      close_after_output();
      return false;
    }
    scanner_.reset();
    set_state(state::head, shared_->options.head_timeout);
  }
  using status = head_scanner::status;
  switch (scanner_.scan(input, shared_->options.max_target_size, shared_->options.max_head_size)) {
    case status::incomplete: return false;
    case status::target_too_long: refuse_and_close(refusal(414)); return true;
    case status::too_large: refuse_and_close(refusal(431)); return true;
    case status::malformed: refuse_and_close(refusal(400)); return true;
    case status::complete: break;
  }
  http_head head = parse_http_head(input.substr(0, scanner_.size()));
  begin_ += scanner_.size();
  return begin_body(std::move(head));
}

bool http_session::begin_body(http_head head) {
  closes_ = head.closes;
  old_ = head.is_http_1_0;
  request_ = std::move(head.request);
  request_->remote_address = remote_address_;
  head_only_ = request_->method() == http_method::head;
  request_id_ = request_->headers.get("X-Request-Id").value_or("");
  if (head.refused != 0 || request_->target().size() > shared_->options.max_target_size) {
    refuse_and_close(refusal(head.refused != 0 ? head.refused : 414));
    return true;
  }
  if (!head.has_body()) return dispatch();

  const body_form form{.content_length = head.chunked ? std::nullopt : head.content_length,
                       .coding = parse_content_coding(head.content_encoding),
                       .limit = shared_->dispatcher->body_limit(*request_)};
  if (head.content_length.value_or(0) > form.limit) {
    refuse_and_close(request_entity_too_large());
    return true;
  }
  if (!head.content_encoding.empty() && form.coding == content_coding::none) {
    refuse_and_close(unsupported_coding(head.content_encoding));
    return true;
  }
  begin_request();
  body_.emplace(body_scanner{form, shared_->options.max_head_size}, shared_->bodies->make(form, *this));
  set_state(state::body, shared_->options.body_timeout);
  if (head.expects_continue && in_.size() == begin_) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return true;
}

std::function<void()> http_session::wait_for_body() {
  return [self = shared_from_this()]() mutable {
    auto executor = self->loop_->executor();
    // Moved: the loop is the last to hold it.
    boost::asio::post(executor, [self = std::move(self)] {
      if (self->state_ == state::body) self->process();
    });
  };
}

// True: go on.
bool http_session::read_body() {
  const std::string_view input = std::string_view{in_}.substr(begin_);
  const body_scanner::progress found = body_->scanner.scan(input);
  begin_ += found.used;
  using status = body_scanner::status;
  std::exception_ptr failure;
  switch (found.what) {
    case status::malformed: failure = refusal(400); break;
    case status::too_large:
    case status::extras_too_large: failure = request_entity_too_large(); break;
    case status::needs_more:
    case status::done: failure = body_->reader->take(input.substr(0, found.wire), request_->body); break;
  }
  if (failure) {
    refuse_and_close(std::move(failure));
    return true;
  }
  if (found.what != status::done) return false;
  body_->ended = true;
  return finish_body();
}

// The same.
bool http_session::finish_body() {
  auto end = body_->reader->finish(request_->body);
  switch (end.what) {
    case body_reader::status::done: return dispatch();
    case body_reader::status::failed: refuse_and_close(std::move(end.failure)); return true;
    case body_reader::status::later: set_state(state::body, {}); break;
  }
  return false;
}

void http_session::refuse_and_close(std::exception_ptr failure) {
  closes_ = true;
  refuse(std::move(failure));
}

void http_session::refuse(std::exception_ptr failure) {
  failure_ = std::move(failure);
  if (!request_) {
    request_.emplace();
    request_->remote_address = remote_address_;
    head_only_ = false;
    request_id_.clear();
  }
  request_->body.clear();
  dispatch();
  if (!processing_) process();
}

// True: go on with the next request.
bool http_session::dispatch() {
  body_.reset();
  begin_request();
  if (!failure_ && !has_place_) {
    has_place_ = shared_->gate.enter(shared_from_this());
    if (!has_place_) {
      set_state(state::waiting, {});
      return false;
    }
  }
  set_state(state::handling, {});
  http_request request = std::move(*request_);
  request_.reset();
  if (const auto failure = std::exchange(failure_, nullptr)) {
    shared_->dispatcher->refuse(std::move(request), failure, shared_from_this());
  } else {
    shared_->dispatcher->dispatch(std::move(request), shared_from_this());
  }
  return state_ == state::idle;
}

void http_session::go_on(std::shared_ptr<http_session> waiter) {
  auto executor = waiter->loop_->executor();
  // Moved: the loop is the last to hold it.
  boost::asio::post(executor, [self = std::move(waiter)] {
    self->has_place_ = true;
    if (self->state_ != state::waiting) return self->leave_gate(false);
    self->dispatch();
    self->process();
  });
}

void http_session::begin_request() noexcept {
  if (!begun_) shared_->gate.begin();
  begun_ = true;
}

void http_session::leave_gate(bool ended) noexcept {
  if (has_place_) shared_->gate.leave();
  has_place_ = false;
  if (!ended) return;
  if (begun_) shared_->gate.end();
  begun_ = false;
}

// ---- the end

void http_session::look_after(clock::time_point now) {
  if (now >= write_limit_) return cut();
  if (!writing_.empty() && (state_ == state::head || state_ == state::body)) return;  // nothing is read meanwhile
  if (state_ == state::idle) {
    if (out_.empty()) out_ = {};
    if (writing_.empty()) writing_ = {};
  }
  if (now < limit_) return;
  if (state_ == state::head || state_ == state::body) return refuse_and_close(refusal(408));
  cut();
}

void http_session::stop_reading() {
  const bool between_requests = state_ == state::idle || state_ == state::head || state_ == state::handshake;
  if (between_requests && !begun_ && out_.empty() && writing_.empty()) cut();
}

void http_session::give_up() {
  switch (state_) {
    case state::body:
    case state::waiting:
      body_.reset();
      request_.reset();
      set_state(state::handling, {});
      [[fallthrough]];
    case state::handling:
      closes_ = true;
      send(shared_->dispatcher->unanswered(request_id_));
      return process();
    case state::closing:
    case state::lingering: return;
    default: return cut();
  }
}

void http_session::cut() noexcept {
  if (state_ == state::closed) return;
  const state former = std::exchange(state_, state::closed);
  body_.reset();
  limit_ = write_limit_ = clock::time_point::max();
  stream_.close();
  if (former == state::streaming) cancel_source_.emit(boost::asio::cancellation_type::terminal);
  if (const auto never_asked = std::exchange(source_, nullptr)) never_asked->abandon();
  leave_gate(true);
  unlink();
}

}  // namespace nestcpp::detail
