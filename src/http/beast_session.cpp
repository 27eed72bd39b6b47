// A connection's requests: heads are read by the reader that both adapters share, so that they refuse the same ones.
// Its answers are in beast_answers.cpp.

#include "http/beast_session.hpp"

#include "http/answers.hpp"
#include "http/chunked_body.hpp"

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

beast_shared::beast_shared(http_dispatcher& to, http_server_options with)
    : dispatcher{&to},
      options{std::move(with)},
      keep_alive{"timeout=" +
                 std::to_string(std::chrono::ceil<std::chrono::seconds>(options.keep_alive_timeout).count())} {}

bool beast_shared::begin_request(const std::shared_ptr<beast_session>& waiter) {
  if (under_way.fetch_add(1) < options.max_connections) return true;
  const std::lock_guard lock{mutex};
  if (under_way.fetch_sub(1) - 1 < options.max_connections) {
    under_way.fetch_add(1);
    return true;
  }
  waiting.push_back(waiter);
  return false;
}

void beast_shared::end_request() {
  const std::size_t left = under_way.fetch_sub(1) - 1;
  if (left + 1 < options.max_connections && !stopping.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock{mutex};
  if (left == 0) drained.notify_all();
  while (!waiting.empty() && under_way.load() < options.max_connections) {
    const auto next = waiting.front().lock();
    waiting.pop_front();
    if (!next) continue;
    under_way.fetch_add(1);
    next->go_on();
    break;
  }
}

beast_session::beast_session(event_loop& loop, tcp_stream stream, std::shared_ptr<beast_shared> shared)
    : loop_{&loop}, shared_{std::move(shared)}, stream_{std::move(stream)}, remote_address_{address_of(stream_)} {
  boost::system::error_code ignored;
  stream_.socket().set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  stream_.socket().non_blocking(true, ignored);
  shared_->open.fetch_add(1);
}

beast_session::~beast_session() {
  shared_->open.fetch_sub(1);
  if (under_way_) shared_->end_request();
}

void beast_session::start() {
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

void beast_session::set_state(state next, std::chrono::milliseconds patience) {
  state_ = next;
  limit_ = patience.count() > 0 ? clock::now() + patience : clock::time_point::max();
}

// ---- reading

void beast_session::read() {
  if (reading_ || state_ == state::closed) return;
  reading_ = true;
  in_.erase(0, std::exchange(begin_, 0));
  if (in_.empty() && in_.capacity() > read_size) in_ = {};
  const std::size_t before = in_.size();
  const std::size_t room = state_ == state::body ? body_read_size : read_size;
  in_.resize(before + room);
  stream_.async_read_some(boost::asio::buffer(in_.data() + before, room),
                          [self = shared_from_this(), before](boost::system::error_code error, std::size_t size) {
                            self->in_.resize(before + (error ? 0 : size));
                            self->on_received(error, size);
                          });
}

void beast_session::on_received(boost::system::error_code error, std::size_t size) {
  reading_ = false;
  if (state_ == state::closed) return;
  if (error) return on_end_of_input();
  if (state_ == state::lingering) {
    lingered_ += size;
    in_.clear();
    if (lingered_ > linger_size) return cut();
    return read();
  }
  if (state_ == state::streaming) {
    if (in_.size() < flush_size) read();
    return;
  }
  process();
}

void beast_session::on_end_of_input() {
  peer_ended_ = true;
  switch (state_) {
    case state::body: return refuse_and_close(refusal(400));
    case state::waiting:
    case state::handling:
    case state::closing: return;
    default: return cut();
  }
}

// ---- requests

void beast_session::process() {
  if (processing_) return;
  processing_ = true;
  for (bool more = true; more && out_.size() < flush_size;) {
    switch (state_) {
      case state::idle:
      case state::head: more = read_head(); break;
      case state::body: more = read_body(); break;
      default: more = false;
    }
  }
  processing_ = false;
  flush();
  const bool wants_input = state_ == state::idle || state_ == state::head || state_ == state::body;
  if (wants_input && writing_.empty()) read();
}

// True: go on.
bool beast_session::read_head() {
  while (state_ == state::idle && in_.size() - begin_ >= 2 && in_.compare(begin_, 2, "\r\n") == 0) begin_ += 2;
  const std::string_view input = std::string_view{in_}.substr(begin_);
  if (input.empty()) return false;
  if (state_ == state::idle) {
    if (shared_->stopping.load(std::memory_order_relaxed)) {
      cut();
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

bool beast_session::begin_body(http_head head) {
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

  body_limit_ = shared_->dispatcher->body_limit(*request_);
  const content_coding coding = parse_content_coding(head.content_encoding);
  if (head.content_length.value_or(0) > body_limit_) {
    refuse_and_close(request_entity_too_large());
    return true;
  }
  if (!head.content_encoding.empty() && coding == content_coding::none) {
    refuse_and_close(unsupported_coding(head.content_encoding));
    return true;
  }
  if (coding != content_coding::none) decoder_ = std::make_unique<content_decoder>(coding, body_limit_);
  if (head.chunked) chunks_ = std::make_unique<chunked_body>(body_limit_);
  body_left_ = head.content_length.value_or(0);
  set_state(state::body, shared_->options.body_timeout);
  if (head.expects_continue && in_.size() == begin_) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return true;
}

// True: go on.
bool beast_session::read_body() {
  const std::string_view input = std::string_view{in_}.substr(begin_);
  if (input.empty()) return false;
  if (!chunks_) {
    const std::string_view piece =
        input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), body_left_)));
    begin_ += piece.size();
    body_left_ -= piece.size();
    if (!take_body(piece)) return true;
    return body_left_ == 0 ? dispatch() : false;
  }
  std::string found;
  const chunked_body::progress fed = chunks_->feed(input, found);
  begin_ += fed.used;
  using status = chunked_body::status;
  if (fed.what == status::too_large || fed.what == status::malformed) {
    refuse_and_close(fed.what == status::too_large ? request_entity_too_large() : refusal(400));
    return true;
  }
  if (!take_body(found)) return true;
  if (fed.what == status::done) return dispatch();
  return fed.used > 0 && fed.what != status::needs_more;
}

// False: the request is refused.
bool beast_session::take_body(std::string_view piece) {
  std::string& body = request_->body;
  if (!decoder_) {
    if (piece.size() <= body_limit_ - body.size()) {
      body += piece;
      return true;
    }
    refuse_and_close(request_entity_too_large());
    return false;
  }
  switch (decoder_->feed(piece, body)) {
    case content_decoder::status::ok: return true;
    case content_decoder::status::too_large: refuse_and_close(request_entity_too_large()); return false;
    case content_decoder::status::corrupt: refuse_and_close(bad_compression()); return false;
  }
  return false;
}

void beast_session::refuse_and_close(std::exception_ptr failure) {
  closes_ = true;
  refuse(std::move(failure));
}

void beast_session::refuse(std::exception_ptr failure) {
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
bool beast_session::dispatch() {
  if (decoder_ && !failure_ && !decoder_->is_complete()) {
    closes_ = true;
    failure_ = bad_compression();
  }
  chunks_.reset();
  decoder_.reset();
  if (!under_way_) {
    if (!shared_->begin_request(shared_from_this())) {
      set_state(state::waiting, {});
      return false;
    }
    under_way_ = true;
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

void beast_session::go_on() {
  boost::asio::post(loop_->executor(), [self = shared_from_this()] {
    if (self->state_ != state::waiting) return self->shared_->end_request();
    self->under_way_ = true;
    self->dispatch();
    self->process();
  });
}

// ---- the end

void beast_session::look_after(clock::time_point now) {
  if (now >= write_limit_) return cut();
  if (state_ == state::idle) {
    if (out_.empty()) out_ = {};
    if (writing_.empty()) writing_ = {};
  }
  if (now < limit_) return;
  if (state_ == state::head || state_ == state::body) return refuse_and_close(refusal(408));
  cut();
}

void beast_session::stop_reading() {
  const bool between_requests = state_ == state::idle || state_ == state::head || state_ == state::handshake;
  if (between_requests && !under_way_ && out_.empty() && writing_.empty()) cut();
}

void beast_session::give_up() {
  if (state_ != state::handling) {
    if (state_ != state::closing && state_ != state::lingering) cut();
    return;
  }
  closes_ = true;
  send(shared_->dispatcher->unanswered(request_id_));
  process();
}

void beast_session::cut() noexcept {
  if (state_ == state::closed) return;
  const state former = std::exchange(state_, state::closed);
  limit_ = write_limit_ = clock::time_point::max();
  stream_.close();
  if (former == state::streaming) cancel_source_.emit(boost::asio::cancellation_type::terminal);
  if (const auto never_asked = std::exchange(source_, nullptr)) never_asked->abandon();
  if (under_way_) shared_->end_request();
  under_way_ = false;
  unlink();
}

}  // namespace nestcpp::detail
