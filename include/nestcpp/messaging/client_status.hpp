#pragma once
/// @file nestcpp/messaging/client_status.hpp
/// @brief Whether a client has a connection, and hearing of it when that changes: NestJS's `client.status`.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace nestcpp {

/// NestJS's values of its TCP client.
enum class client_status : std::uint8_t {
  connected,     ///< at least one connection is open
  disconnected,  ///< the last connection was lost or closed, or none could be made
};

/// "connected", "disconnected"
[[nodiscard]] std::string_view to_string(client_status status) noexcept;

/// Called with each change, the present status first.
using client_status_listener = std::function<void(client_status)>;

namespace detail {
class client_status_board;
}

/// Keeps a listener attached; destroying it detaches it.
/// @par Thread safety When `detach()` or the destructor returns, the listener does not run and never will again, except
/// where it is the listener itself that detaches. May outlive its client.
class client_status_subscription {
 public:
  client_status_subscription() = default;
  client_status_subscription(client_status_subscription&& other) noexcept
      : board_{std::move(other.board_)}, number_{std::exchange(other.number_, 0)} {}
  client_status_subscription& operator=(client_status_subscription&& other) noexcept {
    if (this != &other) {
      detach();
      board_ = std::move(other.board_);
      number_ = std::exchange(other.number_, 0);
    }
    return *this;
  }
  ~client_status_subscription() { detach(); }

  void detach() noexcept;

 private:
  friend class detail::client_status_board;
  client_status_subscription(std::shared_ptr<detail::client_status_board> board, std::uint64_t number)
      : board_{std::move(board)}, number_{number} {}

  std::shared_ptr<detail::client_status_board> board_;
  std::uint64_t number_ = 0;
};

}  // namespace nestcpp
