#include "support/tcp_proxy.hpp"

#include <list>
#include <string>
#include <system_error>
#include <vector>

#include <poll.h>

namespace support {

namespace {

struct link {
  tcp_stream near, far;
};

/// @return false where the connection has ended
bool pass(tcp_stream& from, tcp_stream& to, std::atomic<bool>& truncates) {
  try {
    std::string bytes = from.receive();
    if (bytes.empty()) return false;
    const bool cuts = truncates.exchange(false);
    if (cuts) bytes.resize(bytes.size() / 2);
    if (!bytes.empty()) to.send(bytes);
    return !cuts;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

tcp_proxy::tcp_proxy(std::uint16_t upstream, std::uint16_t port)
    : upstream_{upstream}, listener_{port}, thread_{[this] { run(); }} {}

tcp_proxy::~tcp_proxy() {
  stopping_ = true;
  thread_.join();
}

void tcp_proxy::run() {
  std::list<link> links;
  while (!stopping_) {
    const state now = state_;
    if (now == state::cut) links.clear();

    std::vector<pollfd> waiting{{listener_.fd(), POLLIN, 0}};
    const bool passes = now == state::open || now == state::slow;
    if (passes) {
      for (const auto& open : links) {
        waiting.push_back({open.near.fd(), POLLIN, 0});
        waiting.push_back({open.far.fd(), POLLIN, 0});
      }
    }
    if (::poll(waiting.data(), waiting.size(), 5) <= 0) continue;

    std::size_t at = 1;
    if (passes) {
      if (now == state::slow) std::this_thread::sleep_for(milliseconds{20});
      for (auto open = links.begin(); open != links.end(); at += 2) {
        const bool alive = (waiting[at].revents == 0 || pass(open->near, open->far, truncates_)) &&
                           (waiting[at + 1].revents == 0 || pass(open->far, open->near, truncates_));
        open = alive ? std::next(open) : links.erase(open);
      }
    }
    if (waiting[0].revents == 0) continue;
    if (auto near = listener_.accept(milliseconds{0}); near && now != state::cut) {
      try {
        tcp_stream far = tcp_stream::connect(upstream_);
        links.push_back({std::move(*near), std::move(far)});
      } catch (const std::system_error&) {
        // nobody there: the caller sees its connection close
      }
    }
  }
}

}  // namespace support
