#include "http/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nestcpp::detail {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t read_size = 4096;
constexpr std::size_t flush_size = 64 * 1024;
constexpr auto stop_check_interval = 250ms;

std::string address_of(const boost::asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string{} : peer.address().to_string();
}

}  // namespace

connection::connection(boost::asio::ip::tcp::socket socket, const http_server_options& options,
                       const std::atomic<bool>& stopping, tls_context* tls)
    : socket_{std::move(socket)}, options_{options}, stopping_{stopping}, remote_address_{address_of(socket_)} {
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  if (tls == nullptr) return;
  socket_.native_non_blocking(true);
  tls_.emplace(socket_.native_handle(), *tls);
}

connection::head_status connection::read_head() {
  scanner_.reset();
  head_size_ = 0;
  timed_out_ = false;
  if (tls_ && !is_secure_ && !shake_hands()) return head_status::closed;
  const deadline limit = deadline::after(options_.head_timeout);
  while (true) {
    const head_status status = scan_head();
    if (status != head_status::closed) return status;
    const long received = receive();
    if (received > 0) continue;
    if (received != -2) return head_status::closed;
    switch (wait_for(POLLIN, limit, true)) {
      case wait::ready: break;
      case wait::timeout: return begin_ == in_.size() ? head_status::closed : head_status::timed_out;
      case wait::stopped: return head_status::closed;
    }
  }
}

// `closed` stands for: not yet complete.
connection::head_status connection::scan_head() {
  while (scanner_.size() == 0 && in_.size() - begin_ >= 2 && in_.compare(begin_, 2, "\r\n") == 0) begin_ += 2;
  const std::string_view input = std::string_view{in_}.substr(begin_);
  switch (scanner_.scan(input, options_.max_target_size, options_.max_head_size)) {
    case head_scanner::status::incomplete: return head_status::closed;
    case head_scanner::status::target_too_long: return head_status::target_too_long;
    case head_scanner::status::too_large: return head_status::too_large;
    case head_scanner::status::malformed: return head_status::malformed;
    case head_scanner::status::complete: break;
  }
  head_size_ = scanner_.size();
  return head_status::complete;
}

void connection::consume_head(deadline limit) {
  begin_ += head_size_;
  head_size_ = 0;
  body_limit_ = limit;
}

bool connection::shake_hands() {
  const auto allowed = options_.tls->handshake_timeout;
  const deadline patience = allowed.count() > 0 ? deadline::after(allowed) : deadline::never();
  while (true) {
    const long result = tls_->handshake();
    if (result == 1) {
      is_secure_ = true;
      return true;
    }
    if (result != tls_descriptor::wants_read && result != tls_descriptor::wants_write) return false;
    if (wait_for(result == tls_descriptor::wants_read ? POLLIN : POLLOUT, patience, true) != wait::ready) return false;
  }
}

long connection::receive() {
  in_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = in_.size();
  in_.resize(before + read_size);
  if (tls_) {
    const long got = tls_->read(in_.data() + before, read_size);
    in_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    return got == tls_descriptor::wants_write ? -1 : got;  // it would renegotiate
  }
  const auto received = ::recv(socket_.native_handle(), in_.data() + before, read_size, MSG_DONTWAIT);
  in_.resize(before + (received > 0 ? static_cast<std::size_t>(received) : 0));
  if (received >= 0) return received;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? -2 : -1;
}

long connection::read(char* to, std::size_t size) {
  while (begin_ == in_.size()) {
    const long received = receive();
    if (received > 0) break;
    if (received != -2) return received;
    if (!flush()) return -1;
    if (wait_for(POLLIN, body_limit_, false) == wait::timeout) {
      timed_out_ = true;
      return -1;
    }
  }
  const std::size_t taken = std::min(size, in_.size() - begin_);
  std::memcpy(to, in_.data() + begin_, taken);
  begin_ += taken;
  return static_cast<long>(taken);
}

bool connection::write(const char* data, std::size_t size) {
  out_.append(data, size);
  return out_.size() < flush_size || flush();
}

long connection::send(std::string_view data) noexcept {
  if (tls_) return tls_->write(data.data(), data.size());
  const auto sent = ::send(socket_.native_handle(), data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) return sent;
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return tls_descriptor::wants_write;
  return tls_descriptor::failed;
}

bool connection::flush() {
  const deadline limit = deadline::after(options_.write_timeout);
  std::size_t sent = 0;
  while (sent < out_.size()) {
    const long now = send(std::string_view{out_}.substr(sent));
    if (now > 0) {
      sent += static_cast<std::size_t>(now);
    } else if (now == tls_descriptor::wants_write || now == tls_descriptor::wants_read) {
      if (wait_for(now == tls_descriptor::wants_write ? POLLOUT : POLLIN, limit, false) != wait::ready) break;
    } else {
      break;
    }
  }
  const bool all = sent == out_.size();
  out_.clear();
  return all;
}

bool connection::peer_has_gone() noexcept {
  pollfd asked{socket_.native_handle(), POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

bool connection::has_input(std::chrono::milliseconds patience) {
  return begin_ < in_.size() || (tls_ && tls_->has_input()) ||
         wait_for(POLLIN, deadline::after(patience), true) == wait::ready;
}

void connection::rest() {
  in_.erase(0, begin_);
  begin_ = 0;
  in_.shrink_to_fit();
  out_ = {};
}

void connection::close_gently() {
  if (tls_) tls_->shut_down();
  ::shutdown(socket_.native_handle(), SHUT_WR);
  // Closing with unread input would reset the connection, and the peer might lose the answer.
  const deadline limit = deadline::after(2s);
  std::array<char, read_size> rest;
  std::size_t left = 16 * 1024 * 1024;
  while (left > 0) {
    const auto received = ::recv(socket_.native_handle(), rest.data(), rest.size(), MSG_DONTWAIT);
    if (received > 0) {
      left -= std::min(left, static_cast<std::size_t>(received));
    } else if (received == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
      break;
    } else if (wait_for(POLLIN, limit, false) != wait::ready) {
      break;
    }
  }
}

void connection::interrupt() noexcept { ::shutdown(socket_.native_handle(), SHUT_RDWR); }

connection::wait connection::wait_for(short events, deadline limit, bool until_stop) {
  while (true) {
    if (until_stop && stopping_.load(std::memory_order_relaxed)) return wait::stopped;
    std::chrono::nanoseconds patience = limit.remaining();
    if (until_stop) patience = std::min<std::chrono::nanoseconds>(patience, stop_check_interval);
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    pollfd waited{socket_.native_handle(), events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(std::min<long long>(whole, INT_MAX)));
    if (ready > 0) return wait::ready;
    if (limit.expired()) return wait::timeout;
  }
}

}  // namespace nestcpp::detail
