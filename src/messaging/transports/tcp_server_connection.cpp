#include "messaging/transports/tcp_server_connection.hpp"

#include "messaging/log_limit.hpp"

#include <nestcpp/core/clock.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace nestcpp::detail {

namespace {

constexpr logger log{"Server"};
constexpr std::size_t read_size = 16 * 1024;
// Serving a peer stops while more than this waits to be sent to it.
constexpr std::size_t back_pressure = 32 * 1024;
// How long a peer may take to answer our end of the connection with its own.
constexpr std::chrono::seconds goodbye_limit{2};
// Without a read for this long a connection is idle.
constexpr std::chrono::milliseconds idle_after{500};
// An idle connection keeps no more room than this for its next replies.
constexpr std::size_t kept_output = 64;

log_limit handshake_lines;

}  // namespace

tcp_server_connection::tcp_server_connection(event_loop& loop, message_dispatcher& dispatcher,
                                             const tcp_options& options, tcp_stream stream,
                                             std::shared_ptr<loop_connections> registry)
    : server_session{loop, dispatcher, options.max_buffer_size},
      options_{&options},
      stream_{std::move(stream)},
      registry_{std::move(registry)} {
  registry_->open.insert(this);
}

tcp_server_connection::~tcp_server_connection() {
  cut();
  registry_->open.erase(this);
}

void tcp_server_connection::start() {
  boost::system::error_code ignored;
  stream_.socket().set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  keep_alive(stream_.socket(), options_->keep_alive);
  last_active_ = clock::now();
  if (!stream_.has_tls()) return stream_.socket().available(ignored) != 0 ? read() : wait_readable();
  handshaking_ = true;
  stream_.async_handshake([self = self()](boost::system::error_code error) { self->on_handshake(error); });
}

void tcp_server_connection::on_handshake(boost::system::error_code error) {
  handshaking_ = false;
  if (closed_) return;
  if (!error) return read();
  if (const auto silent = handshake_lines.may_log()) {
    log.warn("TLS handshake failed: {}; the connection is closed ({} more like it)", stream_.explain(error), *silent);
  }
  cut();
}

// Without a buffer; for a peer that may have nothing to say for long.
void tcp_server_connection::wait_readable() {
  decoder().release_idle();
  reading_ = true;
  has_read_buffer_ = false;
  stream_.socket().async_wait(tcp_stream::socket_type::wait_read, [self = self()](boost::system::error_code) {
    self->reading_ = false;
    self->read();  // meets the error, if there is one
  });
}

void tcp_server_connection::read() {
  if (reading_ || peer_ended_ || closed_) return;
  reading_ = has_read_buffer_ = true;
  const auto room = decoder().prepare(read_size);
  stream_.async_read_some(
      boost::asio::buffer(room.data(), room.size()),
      [self = self()](boost::system::error_code error, std::size_t size) { self->on_read(error, size); });
}

void tcp_server_connection::on_read(boost::system::error_code error, std::size_t size) {
  reading_ = false;
  if (closed_) return;
  if (error == boost::asio::error::operation_aborted && !done_reading_) return wait_readable();
  if (error) {  // the peer has closed its side: what is under way is still answered
    done_reading_ = peer_ended_ = true;
    abandon_streams();
    flush();
    return end_if_done();
  }
  if (done_reading_) return end_if_done();
  last_read_ = last_active_ = clock::now();
  decoder().commit(size);
  go_on();
}

void tcp_server_connection::go_on() {
  if (closed_ || reading_ || done_reading_ || yielding_) return;
  if (!dispatch_frames()) {
    done_reading_ = true;
    abandon_streams();
  }
  if (yielding_) return;  // one write for this turn and the next
  if (writing_.empty() && !is_held() && !done_reading_ && registry_->others_read(*this, last_read_)) {
    if (!output().empty()) flush_later();
  } else {
    flush();
  }
  if (done_reading_) return end_if_done();
  if (!is_held()) read();
}

bool tcp_server_connection::may_dispatch() {
  if (congested()) return false;  // until on_written
  const std::size_t limit = options_->max_in_flight_per_connection;
  if (limit != 0 && calls_ >= limit) return false;  // until call_ended
  // One call is everybody's due: whoever fills the server does not shut others out.
  return calls_ == 0 || !registry_->load().is_full() || !registry_->must_wait(*this);
}

bool tcp_server_connection::yield() {
  yielding_ = true;
  boost::asio::post(loop().executor(), [self = self()] {
    self->yielding_ = false;
    self->go_on();
  });
  return true;
}

void tcp_server_connection::call_started() noexcept {
  ++calls_;
  registry_->load().call_started();
}

void tcp_server_connection::call_ended() noexcept {
  --calls_;
  if (options_->idle_timeout.count() != 0) last_active_ = clock::now();
  registry_->load().call_ended();
}

bool tcp_server_connection::may_stream() noexcept {
  const std::size_t limit = options_->max_streams_per_connection;
  return (limit == 0 || stream_count() < limit) && registry_->load().add_stream(options_->max_streams);
}

void tcp_server_connection::stream_ended() noexcept {
  if (options_->idle_timeout.count() != 0) last_active_ = clock::now();
  registry_->load().remove_stream();
}

bool tcp_server_connection::congested() const noexcept { return unsent() > back_pressure; }

void tcp_server_connection::flush_later() noexcept {
  if (flush_scheduled_ || closed_) return;
  flush_scheduled_ = true;
  boost::asio::post(loop().executor(), [self = self()] {
    self->flush_scheduled_ = false;
    self->flush();
    if (self->is_held()) self->go_on();
    self->end_if_done();
  });
}

void tcp_server_connection::flush() {
  if (closed_) return;
  if (options_->max_send_buffer_size != 0 && unsent() > options_->max_send_buffer_size) {
    log.error(
        "The remote peer is not reading its responses: {} byte(s) are queued for it, which exceeds the maximum allowed "
        "{}",
        unsent(), options_->max_send_buffer_size);
    return cut();
  }
  if (!writing_.empty() || output().empty()) return;
  writing_.swap(output());
  stream_.async_write(boost::asio::buffer(writing_),
                      [self = self()](boost::system::error_code error, std::size_t) { self->on_written(error); });
}

void tcp_server_connection::on_written(boost::system::error_code error) {
  writing_.clear();
  if (closed_) return;
  if (error) return cut();
  if (options_->idle_timeout.count() != 0) last_active_ = clock::now();
  flush();
  if (is_held()) go_on();  // first, as a stream may fill the output again at once
  if (!congested()) resume_streams();
  end_if_done();
}

void tcp_server_connection::end_if_done() {
  if (!done_reading_ || closed_ || calls_ != 0 || unsent() != 0) return;
  if (!stream_.has_tls()) {
    if (peer_ended_) return cut();
    if (saying_goodbye_) return read();  // and drop it
  }
  if (saying_goodbye_) return;
  saying_goodbye_ = true;
  last_active_ = clock::now();
  stream_.async_shut_down_sending([self = self()](boost::system::error_code error) {
    if (error || self->stream_.has_tls()) return self->cut();  // TLS has waited for the peer's goodbye already
    self->end_if_done();
  });
}

void tcp_server_connection::close_gracefully() {
  if (closed_) return;
  if (handshaking_) return cut();
  done_reading_ = true;
  abandon_streams();
  boost::system::error_code ignored;
  const bool idle = calls_ == 0 && unsent() == 0 && !decoder().mid_frame() && !stream_.has_tls();
  if (idle && stream_.socket().available(ignored) == 0) return cut();  // nothing that closing could lose
  flush();
  end_if_done();
}

void tcp_server_connection::cut() noexcept {
  if (closed_) return;
  closed_ = true;
  stream_.close();
  registry_->load().connections.fetch_sub(1);
  abandon_streams();
}

void tcp_server_connection::look_after(time_point now) {
  if (closed_) return;
  if (is_overdue(now)) return cut();
  if (reading_ && has_read_buffer_ && now - last_read_ >= idle_after) release_buffers();
}

bool tcp_server_connection::is_overdue(time_point now) {
  const auto over = [&](time_point since, std::chrono::milliseconds limit) {
    return limit.count() != 0 && now - since >= limit;
  };
  if (handshaking_) {
    const auto limit = options_->tls->handshake_timeout;
    if (!over(last_active_, limit)) return false;
    if (const auto silent = handshake_lines.may_log()) {
      log.warn("TLS handshake did not end within {}ms; the connection is closed ({} more like it)", limit.count(),
               *silent);
    }
    return true;
  }
  if (saying_goodbye_) return over(last_active_, goodbye_limit);
  if (reading_ && decoder().mid_frame() && over(last_read_, options_->incomplete_message_timeout)) {
    log.error(
        "The remote peer stopped sending in the middle of a packet ({} character(s) buffered) and did not send "
        "anything for {}ms",
        decoder().buffered(), options_->incomplete_message_timeout.count());
    return true;
  }
  return calls_ == 0 && !has_streams() && over(last_active_, options_->idle_timeout);
}

void tcp_server_connection::release_buffers() {
  if (unsent() != 0 || done_reading_ || decoder().mid_frame()) return;
  for (std::string* each : {&output(), &writing_}) {
    if (each->capacity() > kept_output) std::string{}.swap(*each);
  }
  if (stream_.has_tls()) return;
  boost::system::error_code ignored;
  stream_.socket().cancel(ignored);  // the read ends, on_read goes on without a buffer
}

}  // namespace nestcpp::detail
