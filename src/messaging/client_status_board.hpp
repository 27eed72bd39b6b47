#pragma once
// Counts a client's open connections over all loops and tells its listeners what that means.

#include <nestcpp/messaging/client_status.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace nestcpp::detail {

// Thread safety: safe. Listeners run under the mutex, so that all see the same order; it is recursive, so that they may
// attach and detach.
class client_status_board : public std::enable_shared_from_this<client_status_board> {
 public:
  explicit client_status_board(std::string client) : client_{std::move(client)} {}

  void opened();
  void closed();
  // No connection could be made.
  void failed();

  [[nodiscard]] std::optional<client_status> status() const;
  [[nodiscard]] client_status_subscription attach(client_status_listener listener);
  void detach(std::uint64_t number) noexcept;

 private:
  void publish();
  void tell(const client_status_listener& listener, client_status status) const noexcept;

  std::string client_;
  mutable std::recursive_mutex mutex_;
  std::size_t open_ = 0;
  std::optional<client_status> status_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, std::shared_ptr<client_status_listener>> listeners_;
};

}  // namespace nestcpp::detail
