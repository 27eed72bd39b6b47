#include "messaging/transports/tcp_server_load.hpp"

#include "messaging/transports/tcp_server_connection.hpp"

#include <boost/asio/post.hpp>

namespace nestcpp::detail {

std::shared_ptr<loop_connections> tcp_server_load::add_loop(const std::shared_ptr<tcp_server_load>& load,
                                                            event_loop& loop) {
  auto made = std::make_shared<loop_connections>(load, loop);
  load->loops_.push_back(made);
  return made;
}

void tcp_server_load::wake_loops() {
  for (const auto& each : loops_) {
    if (const auto loop = each.lock()) loop->wake();
  }
}

void loop_connections::wake() {
  if (!to_be_woken_.load() || !to_be_woken_.exchange(false)) return;
  boost::asio::post(loop_->executor(), [self = shared_from_this()] { self->serve_waiting(); });
}

// The order matters: first to_be_woken_, then a look at the load. Whoever ends a call does it the other way round, so
// that one of the two sees the other.
bool loop_connections::must_wait(tcp_server_connection& connection) {
  if (!load_->is_full()) return false;
  if (connection.is_waiting_) return true;
  waiting_.emplace_back(&connection);
  to_be_woken_ = true;
  connection.is_waiting_ = load_->is_full();
  if (!connection.is_waiting_) waiting_.pop_back();
  return connection.is_waiting_;
}

void loop_connections::serve_waiting() {
  while (!waiting_.empty()) {
    if (load_->is_full()) {
      to_be_woken_ = true;
      if (load_->is_full()) return;
    }
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next->is_waiting_ = false;
    next->go_on();
  }
}

void loop_connections::forget_waiting() { waiting_.clear(); }

}  // namespace nestcpp::detail
