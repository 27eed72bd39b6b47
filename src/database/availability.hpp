#pragma once
// Whether the database is there, as its pools' attempts say.

#include <chrono>
#include <mutex>
#include <string>
#include <utility>

namespace nestcpp::detail {

/// Whether the database can be reached, shared by a database's pools: logs each change once, and lets callers fail at
/// once for a moment after an attempt failed instead of queueing for the next one.
class availability {
 public:
  explicit availability(std::string description) : description_{std::move(description)} {}

  void succeeded();
  void failed(const std::string& reason);
  /// @throws database_unavailable during the moment after a failed attempt.
  void check() const;

 private:
  std::string description_;
  mutable std::mutex mutex_;
  bool down_ = false;
  int failures_ = 0;
  std::string reason_;
  std::chrono::steady_clock::time_point next_attempt_{};
};

}  // namespace nestcpp::detail
