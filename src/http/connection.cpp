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
                       const std::atomic<bool>& stopping)
    : socket_{std::move(socket)}, options_{options}, stopping_{stopping}, remote_address_{address_of(socket_)} {
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
}

connection::head_status connection::read_head() {
  scanned_ = 0;
  head_size_ = 0;
  timed_out_ = false;
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
  while (scanned_ == 0 && in_.size() - begin_ >= 2 && in_.compare(begin_, 2, "\r\n") == 0) begin_ += 2;
  const std::string_view input = std::string_view{in_}.substr(begin_);
  while (true) {
    const auto newline = input.find('\n', scanned_);
    const bool in_first_line = scanned_ == 0;
    const std::size_t seen = std::min(newline, input.size());
    // 24: the longest method, two blanks and the version.
    if (in_first_line && seen > options_.max_target_size + 24) return head_status::target_too_long;
    if (seen > options_.max_head_size) return head_status::too_large;
    if (newline == std::string_view::npos) return head_status::closed;
    if (newline == 0 || input[newline - 1] != '\r') return head_status::malformed;
    const bool empty_line = newline == scanned_ + 1;
    scanned_ = newline + 1;
    if (empty_line) {
      head_size_ = scanned_;
      return head_status::complete;
    }
  }
}

void connection::consume_head(deadline limit) {
  begin_ += head_size_;
  head_size_ = 0;
  body_limit_ = limit;
}

long connection::receive() {
  in_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = in_.size();
  in_.resize(before + read_size);
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

bool connection::flush() {
  const deadline limit = deadline::after(options_.write_timeout);
  std::size_t sent = 0;
  while (sent < out_.size()) {
    const auto now =
        ::send(socket_.native_handle(), out_.data() + sent, out_.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (now > 0) {
      sent += static_cast<std::size_t>(now);
    } else if (now < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (wait_for(POLLOUT, limit, false) != wait::ready) break;
    } else if (now == 0 || errno != EINTR) {
      break;
    }
  }
  const bool all = sent == out_.size();
  out_.clear();
  return all;
}

bool connection::has_input(std::chrono::milliseconds patience) {
  return begin_ < in_.size() || wait_for(POLLIN, deadline::after(patience), true) == wait::ready;
}

void connection::rest() {
  in_.erase(0, begin_);
  begin_ = 0;
  in_.shrink_to_fit();
  out_ = {};
}

void connection::close_gently() {
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
