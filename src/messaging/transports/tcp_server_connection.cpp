#include "messaging/transports/tcp_server_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace nestcpp::detail {

namespace {
constexpr logger log{"Server"};
constexpr std::size_t read_size = 16 * 1024;
// Reading from a peer stops while more than this waits to be sent to it.
constexpr std::size_t back_pressure = 256 * 1024;
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

tcp_server_connection::~tcp_server_connection() { registry_->open.erase(this); }

void tcp_server_connection::start() {
  boost::system::error_code ignored;
  stream_.socket().set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  if (!stream_.has_tls()) return read();
  handshaking_ = true;
  last_read_ = std::chrono::steady_clock::now();
  stream_.async_handshake([self = boost::intrusive_ptr<tcp_server_connection>{this}](boost::system::error_code error) {
    self->on_handshake(error);
  });
}

void tcp_server_connection::on_handshake(boost::system::error_code error) {
  handshaking_ = false;
  if (closed_) return;
  if (!error) return read();
  log.warn("TLS handshake failed: {}; the connection is closed", stream_.explain(error));
  cut();
}

void tcp_server_connection::read() {
  if (reading_ || done_reading_ || closed_) return;
  reading_ = true;
  const auto room = decoder().prepare(read_size);
  stream_.async_read_some(boost::asio::buffer(room.data(), room.size()),
                          [self = boost::intrusive_ptr<tcp_server_connection>{this}](
                              boost::system::error_code error, std::size_t size) { self->on_read(error, size); });
}

void tcp_server_connection::on_read(boost::system::error_code error, std::size_t size) {
  reading_ = false;
  if (closed_) return;
  if (error) {  // the peer has closed its side: what is under way is still answered
    done_reading_ = true;
    flush();
    return;
  }
  last_read_ = std::chrono::steady_clock::now();
  decoder().commit(size);
  if (!dispatch_frames()) done_reading_ = true;
  flush();
  if (unsent() <= back_pressure) read();
}

void tcp_server_connection::flush_later() noexcept {
  if (flush_scheduled_ || closed_) return;
  flush_scheduled_ = true;
  boost::asio::post(loop().executor(), [self = boost::intrusive_ptr<tcp_server_connection>{this}] {
    self->flush_scheduled_ = false;
    self->flush();
  });
}

void tcp_server_connection::flush() {
  if (closed_ || !writing_.empty() || output().empty()) return;
  if (options_->max_send_buffer_size != 0 && unsent() > options_->max_send_buffer_size) {
    log.error(
        "The remote peer is not reading its responses: {} byte(s) are queued for it, which exceeds the maximum allowed "
        "{}",
        unsent(), options_->max_send_buffer_size);
    cut();
    return;
  }
  writing_.swap(output());
  stream_.async_write(boost::asio::buffer(writing_),
                      [self = boost::intrusive_ptr<tcp_server_connection>{this}](
                          boost::system::error_code error, std::size_t) { self->on_written(error); });
}

void tcp_server_connection::on_written(boost::system::error_code error) {
  writing_.clear();
  if (closed_) return;
  if (error) {
    cut();
    return;
  }
  flush();
  if (unsent() <= back_pressure) read();
}

void tcp_server_connection::close_gracefully() {
  if (closed_) return;
  if (handshaking_) return cut();
  done_reading_ = true;
  // Ends the pending read; the object, and with it the socket, goes when the last reply has been written.
  stream_.shut_down_receiving();
  flush();
}

void tcp_server_connection::cut() noexcept {
  if (closed_) return;
  closed_ = true;
  stream_.close();
}

void tcp_server_connection::check_stalled(std::chrono::steady_clock::time_point now) {
  if (handshaking_ && !closed_) {
    const auto limit = options_->tls->handshake_timeout;
    if (limit.count() == 0 || now - last_read_ < limit) return;
    log.warn("TLS handshake did not end within {}ms; the connection is closed", limit.count());
    return cut();
  }
  const auto limit = options_->incomplete_message_timeout;
  if (closed_ || done_reading_ || !reading_ || limit.count() == 0 || !decoder().mid_frame() || now - last_read_ < limit)
    return;
  log.error(
      "The remote peer stopped sending in the middle of a packet ({} character(s) buffered) and did not send "
      "anything for {}ms",
      decoder().buffered(), limit.count());
  cut();
}

}  // namespace nestcpp::detail
