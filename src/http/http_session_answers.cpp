// The answers of a connection of http_session.cpp: written as they come, or piece by piece as they are made.

#include "http/answers.hpp"
#include "http/chunked_body.hpp"
#include "http/http_session.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>
#include <utility>

namespace nestcpp::detail {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"HttpServer"};
constexpr auto linger_patience = 2s;
constexpr std::size_t write_size = 64 * 1024;  // what a peer has to take within its time limit

// Sources live on their call's loop, which is the connection's unless another server or a test made the call.
task<bool> next_piece(http_body_source& source, std::string& to) {
  if (&source.loop() == event_loop::current()) return source.next(to);
  return boost::asio::co_spawn(source.loop().executor(), source.next(to), boost::asio::use_awaitable);
}

}  // namespace

void http_session::respond(http_response response) noexcept {
  try {
    if (event_loop::current() == loop_) {
      send(std::move(response));
      if (!processing_) process();
    } else {
      boost::asio::post(loop_->executor(), [self = shared_from_this(), response = std::move(response)]() mutable {
        self->send(std::move(response));
        self->process();
      });
    }
  } catch (const std::exception& failure) {
    log.error("an answer could not be sent: {}", failure.what());
    cut();
  }
}

void http_session::send(http_response response) {
  if (state_ != state::handling) {  // given up, or the peer has gone
    if (response.source) response.source->abandon();
    return;
  }
  if (shared_->stopping.load(std::memory_order_relaxed) || response.headers.get("Connection") == "close")
    closes_ = true;
  if (response.source && !has_no_body(response.status)) return begin_stream(std::move(response));
  append_head(out_, response, body_framing::length, response.body.size(), closes_, shared_->keep_alive);
  if (!head_only_) out_ += response.body;
  end_of_answer();
}

void http_session::begin_stream(http_response response) {
  std::shared_ptr<http_body_source> source = std::move(response.source);
  const auto size = source->size();
  if (!size && old_) closes_ = true;
  const body_framing framing = size ? body_framing::length : old_ ? body_framing::until_close : body_framing::chunked;
  append_head(out_, response, framing, size.value_or(0), closes_, shared_->keep_alive);
  leave_gate(false);  // it may go on for ever
  if (head_only_) {
    source->abandon();
    return end_of_answer();
  }
  source_ = std::move(source);
  chunks_out_ = framing == body_framing::chunked;
  set_state(state::streaming, {});
  if (writing_.empty()) start_stream();
}

void http_session::start_stream() {
  boost::asio::co_spawn(loop_->executor(), stream_body(std::exchange(source_, nullptr)),
                        boost::asio::bind_cancellation_slot(cancel_source_.slot(),
                                                            [self = shared_from_this()](std::exception_ptr failed) {
                                                              if (failed || self->state_ != state::streaming)
                                                                return self->cut();
                                                              self->end_of_answer();
                                                              self->process();
                                                            }));
}

task<void> http_session::write_all(std::string_view text) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, write_size);
    text.remove_prefix(piece.size());
    write_limit_ = clock::now() + shared_->options.write_timeout;
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                         void(boost::system::error_code, std::size_t)>(
        [this, piece](auto handler) {
          stream_.async_write(boost::asio::const_buffer{piece.data(), piece.size()}, std::move(handler));
        },
        boost::asio::use_awaitable);
  }
  write_limit_ = clock::time_point::max();
}

// The completion handler keeps this alive.
task<void> http_session::stream_body(std::shared_ptr<http_body_source> source) {
  read();              // so that a peer that goes away is noticed
  bool asked = false;  // what fails then is the source's own
  try {
    std::string framed = std::exchange(out_, {});
    std::string piece;
    const auto size = source->size();
    std::uint64_t given = 0;
    while (true) {
      if (!framed.empty()) co_await write_all(framed);
      framed.clear();
      piece.clear();
      const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
      if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
        throw boost::system::system_error{boost::asio::error::operation_aborted};
      }
      asked = true;
      const bool more = co_await next_piece(*source, piece);
      if (!more) break;
      asked = false;
      given += piece.size();
      if (size && given > *size) throw std::logic_error{"its source gave more than its size()"};
      if (chunks_out_) {
        append_chunk(framed, piece);
      } else {
        framed.swap(piece);
      }
    }
    if (size && given != *size) throw std::logic_error{"its source gave less than its size()"};
    if (chunks_out_) co_await write_all(last_chunk);
  } catch (const std::exception& failure) {
    const bool is_peers = !asked && dynamic_cast<const boost::system::system_error*>(&failure) != nullptr;
    if (state_ == state::streaming && !is_peers) log.warn("an answer was broken off: {}", failure.what());
    if (!asked) source->abandon();
    throw;
  }
}

void http_session::end_of_answer() {
  if (closes_) {
    set_state(state::closing, {});
  } else {
    set_state(state::idle, {});  // its time begins when the answer has been written
  }
}

void http_session::flush() {
  if (state_ == state::closed || state_ == state::streaming || !writing_.empty()) return;
  if (!out_.empty() && !stream_.has_tls()) {
    boost::system::error_code error;
    const std::size_t sent = stream_.socket().write_some(boost::asio::buffer(out_), error);
    if (error && error != boost::asio::error::would_block) return cut();
    out_.erase(0, error ? 0 : sent);
  }
  if (out_.empty()) return on_all_written();
  writing_.swap(out_);
  written_ = 0;
  write_on();
}

void http_session::write_on() {
  const std::string_view piece = std::string_view{writing_}.substr(written_, write_size);
  write_limit_ = clock::now() + shared_->options.write_timeout;
  stream_.async_write(boost::asio::const_buffer{piece.data(), piece.size()},
                      [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                        if (self->state_ == state::closed) return;
                        if (error) return self->cut();
                        self->written_ += size;
                        if (self->written_ < self->writing_.size()) return self->write_on();
                        self->writing_.clear();
                        self->write_limit_ = clock::time_point::max();
                        if (self->state_ == state::streaming) return self->start_stream();
                        if (self->state_ == state::head)
                          self->set_state(state::head, self->shared_->options.head_timeout);
                        if (self->state_ == state::body && !self->body_->ended) {
                          self->set_state(state::body, self->shared_->options.body_timeout);
                        }
                        self->process();
                      });
}

// In place of `cut` between requests: answers may not have left yet.
void http_session::close_after_output() {
  if (out_.empty() && writing_.empty()) return cut();
  closes_ = true;
  set_state(state::closing, {});
}

void http_session::on_all_written() {
  if (state_ == state::closing) {
    leave_gate(false);
    return linger();
  }
  const bool is_idle = state_ == state::idle;
  if (is_idle && limit_ == clock::time_point::max()) set_state(state::idle, shared_->options.keep_alive_timeout);
  if (is_idle || state_ == state::head) return leave_gate(true);
  if (state_ == state::body) leave_gate(false);
}

// Closing with unread input would reset the connection, and the peer might lose the answer.
void http_session::linger() {
  set_state(state::lingering, linger_patience);
  stream_.async_shut_down_sending([self = shared_from_this()](boost::system::error_code error) {
    if (self->state_ != state::lingering) return;
    if (error || self->peer_ended_ || self->stream_.has_tls()) return self->cut();
    self->in_.clear();
    self->begin_ = 0;
    self->read();
  });
}

}  // namespace nestcpp::detail
