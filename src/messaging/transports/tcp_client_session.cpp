#include "messaging/transports/tcp_client_session.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace nestcpp::detail {

namespace {
constexpr logger log{"ClientProxy"};
constexpr std::size_t read_size = 16 * 1024;
}  // namespace

void tcp_client_session::flush_later() {
  if (flush_scheduled_ || !writing_.empty()) return;
  flush_scheduled_ = true;
  boost::asio::post(loop().executor(), [self = self()] {
    self->flush_scheduled_ = false;
    self->flush();
  });
}

void tcp_client_session::read() {
  const auto room = decoder().prepare(read_size);
  stream_.async_read_some(
      boost::asio::buffer(room.data(), room.size()),
      [self = self()](boost::system::error_code error, std::size_t size) { self->on_read(error, size); });
}

void tcp_client_session::on_read(boost::system::error_code error, std::size_t size) {
  if (!open()) return;
  if (error) {
    end(error);
    return;
  }
  decoder().commit(size);
  if (!take_replies()) {
    close();
  } else if (open()) {
    read();
  }
}

void tcp_client_session::flush() {
  if (!open() || !writing_.empty() || output().empty()) return;
  writing_.swap(output());
  stream_.async_write(boost::asio::buffer(writing_), [self = self()](boost::system::error_code error, std::size_t) {
    self->writing_.clear();
    if (!self->open()) return;
    if (error) {
      self->end(error);
    } else {
      self->flush();
    }
  });
}

void tcp_client_session::end(boost::system::error_code error) {
  if (error != boost::asio::error::eof) log.error("{}: {}; the connection is closed", name(), stream_.explain(error));
  close();
}

}  // namespace nestcpp::detail
