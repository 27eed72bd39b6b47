#pragma once
// Counts a server's requests, and lets as many at a time be worked on as it may.

#include <nestcpp/core/deadline.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace nestcpp::detail {

class http_session;

/// @par Thread safety Safe.
class request_gate {
 public:
  /// @param places requests that are worked on at a time
  explicit request_gate(std::size_t places) noexcept : places_{places == 0 ? 1 : places} {}

  /// A request has begun, and has been answered and written: what `drain` waits for.
  void begin() noexcept { begun_.fetch_add(1); }
  void end() noexcept { begun_.fetch_sub(1); }
  /// False: the limit came first. Blocks.
  [[nodiscard]] bool drain(deadline limit) const;

  /// Takes a place; false: the waiter is kept, and given one later (`http_session::go_on`).
  [[nodiscard]] bool enter(const std::shared_ptr<http_session>& waiter);
  /// Gives a place back.
  void leave();
  /// Lets go of those that wait, which have been cut.
  void forget_waiting();

 private:
  [[nodiscard]] bool take_free_place() noexcept;
  void let_in();

  const std::size_t places_;
  std::atomic<std::size_t> begun_{0};
  std::atomic<std::size_t> taken_{0};
  std::atomic<std::size_t> waiting_count_{0};
  std::mutex mutex_;
  std::deque<std::shared_ptr<http_session>> waiting_;
};

}  // namespace nestcpp::detail
