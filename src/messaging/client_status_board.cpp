#include "messaging/client_status_board.hpp"

#include <nestcpp/core/log.hpp>

#include <exception>

namespace nestcpp {

std::string_view to_string(client_status status) noexcept {
  return status == client_status::connected ? "connected" : "disconnected";
}

void client_status_subscription::detach() noexcept {
  if (const auto board = std::exchange(board_, nullptr)) board->detach(number_);
}

namespace detail {

namespace {
constexpr logger log{"ClientProxy"};
}

void client_status_board::opened() {
  const std::lock_guard lock{mutex_};
  ++open_;
  publish();
}

void client_status_board::closed() {
  const std::lock_guard lock{mutex_};
  --open_;
  publish();
}

void client_status_board::failed() {
  const std::lock_guard lock{mutex_};
  publish();
}

std::optional<client_status> client_status_board::status() const {
  const std::lock_guard lock{mutex_};
  return status_;
}

client_status_subscription client_status_board::attach(client_status_listener listener) {
  const std::lock_guard lock{mutex_};
  const std::uint64_t number = ++last_number_;
  const auto kept = std::make_shared<client_status_listener>(std::move(listener));
  listeners_.emplace(number, kept);
  if (status_) tell(*kept, *status_);
  return {shared_from_this(), number};
}

void client_status_board::detach(std::uint64_t number) noexcept {
  const std::lock_guard lock{mutex_};
  listeners_.erase(number);
}

void client_status_board::publish() {
  const client_status now = open_ > 0 ? client_status::connected : client_status::disconnected;
  if (status_ == now) return;
  status_ = now;
  // A listener may attach and detach others; those attached now have been told already.
  const std::uint64_t last = last_number_;
  for (auto next = listeners_.begin(); next != listeners_.end() && next->first <= last;) {
    const std::uint64_t number = next->first;
    const auto listener = next->second;
    tell(*listener, now);
    next = listeners_.upper_bound(number);
  }
}

void client_status_board::tell(const client_status_listener& listener, client_status status) const noexcept {
  try {
    listener(status);
  } catch (const std::exception& error) {
    log.error("{}: a listener to its status threw: {}", client_, error.what());
  } catch (...) {
    log.error("{}: a listener to its status threw", client_);
  }
}

}  // namespace detail

}  // namespace nestcpp
