#include "support/socket.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {

namespace {

[[noreturn]] void fail(int error, const char* what) { throw std::system_error{error, std::generic_category(), what}; }

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool wait_for(int fd, short events, milliseconds limit) {
  const time_limit end{limit};
  for (;;) {
    pollfd entry{fd, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(end.left().count()));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) fail(errno, "poll");
  }
}

descriptor make_socket() {
  descriptor fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd.is_open()) fail(errno, "socket");
  return fd;
}

}  // namespace

void descriptor::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool wait_readable(int fd, milliseconds limit) { return wait_for(fd, POLLIN, limit); }
bool wait_writable(int fd, milliseconds limit) { return wait_for(fd, POLLOUT, limit); }

tcp_stream tcp_stream::connect(std::uint16_t port, milliseconds limit) {
  descriptor fd = make_socket();
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno != EINPROGRESS) fail(errno, "connect");
    if (!wait_writable(fd.get(), limit)) fail(ETIMEDOUT, "connect");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) fail(error, "connect");
  }
  return tcp_stream{std::move(fd)};
}

void tcp_stream::send(std::string_view bytes, milliseconds limit) {
  const time_limit end{limit};
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_writable(fd_.get(), end.left())) fail(ETIMEDOUT, "send");
    } else if (errno != EINTR) {
      fail(errno, "send");
    }
  }
}

std::string tcp_stream::receive(milliseconds limit) {
  const time_limit end{limit};
  std::string bytes(64 * 1024, '\0');
  for (;;) {
    const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (got >= 0) {
      bytes.resize(static_cast<std::size_t>(got));
      return bytes;
    }
    if (errno == EAGAIN) {
      if (!wait_readable(fd_.get(), end.left())) fail(ETIMEDOUT, "receive");
    } else if (errno != EINTR) {
      fail(errno, "receive");
    }
  }
}

std::string tcp_stream::receive_all(milliseconds limit) {
  const time_limit end{limit};
  std::string all;
  for (;;) {
    const std::string bytes = receive(end.left());
    if (bytes.empty()) return all;
    all += bytes;
  }
}

void tcp_stream::shut_down_writing() { ::shutdown(fd_.get(), SHUT_WR); }
void tcp_stream::shut_down() { ::shutdown(fd_.get(), SHUT_RDWR); }

void tcp_stream::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd_.close();
}

tcp_listener::tcp_listener(std::uint16_t port) : fd_{make_socket()} {
  const int on = 1;
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(port);
  if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail(errno, "bind");
  if (::listen(fd_.get(), SOMAXCONN) != 0) fail(errno, "listen");
  socklen_t size = sizeof address;
  ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

std::optional<tcp_stream> tcp_listener::accept(milliseconds limit) {
  const time_limit end{limit};
  for (;;) {
    const int fd = ::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return tcp_stream{descriptor{fd}};
    }
    if (errno == EAGAIN) {
      if (!wait_readable(fd_.get(), end.left())) return std::nullopt;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      fail(errno, "accept");
    }
  }
}

}  // namespace support
