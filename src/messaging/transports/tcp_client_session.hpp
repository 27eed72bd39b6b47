#pragma once
// A client's connection over TCP. All members run on the connection's loop.

#include "core/tcp_stream.hpp"
#include "messaging/client_session.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace nestcpp::detail {

class tcp_client_session final : public client_session {
 public:
  tcp_client_session(event_loop& loop, std::shared_ptr<const client_settings> settings, tcp_stream stream)
      : client_session{loop, std::move(settings)}, stream_{std::move(stream)} {}

  void start() { read(); }
  void flush_later() override;

 private:
  boost::intrusive_ptr<tcp_client_session> self() { return this; }
  void read();
  void on_read(boost::system::error_code error, std::size_t size);
  void flush();
  void end(boost::system::error_code error);
  void close_transport() noexcept override { stream_.close(); }
  [[nodiscard]] std::size_t in_flight() const noexcept override { return writing_.size(); }

  tcp_stream stream_;
  std::string writing_;
  bool flush_scheduled_ = false;
};

}  // namespace nestcpp::detail
