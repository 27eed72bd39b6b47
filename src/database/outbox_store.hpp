#pragma once
// The outbox table as the relay sees it: claim, renew, settle. Times are the database's own, so that relays on several
// machines need not agree.

#include <nestcpp/database/outbox.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nestcpp::detail {

struct outbox_failure {
  std::int64_t sequence;
  std::string reason;
  std::chrono::milliseconds wait;  // before the next attempt
  bool counts = true;              // false: it was cut off by our own stop
  bool is_dead = false;            // it is not tried again
};

/// What became of messages that were published.
struct outbox_outcome {
  std::vector<std::int64_t> acknowledged;
  std::vector<outbox_failure> failed;
  [[nodiscard]] bool empty() const noexcept { return acknowledged.empty() && failed.empty(); }
};

/// A row with the columns of a message.
[[nodiscard]] outbox_message read_outbox_message(const result_row& row);

class outbox_store {
 public:
  /// @param keeps_dead the table has a place for dead letters
  outbox_store(database& db, const std::string& table, uuid relay, std::chrono::milliseconds claim_duration,
               bool keeps_dead);

  /// Records `outcome` and claims up to `room` messages, oldest first, of each key the first only; in one transaction.
  [[nodiscard]] task<std::vector<outbox_message>> settle_and_claim(outbox_outcome outcome, std::size_t room);
  /// Keeps these for another claim duration.
  [[nodiscard]] task<void> renew(std::vector<std::int64_t> sequences);

 private:
  [[nodiscard]] task<transaction> begin();
  [[nodiscard]] sql_value after(std::chrono::milliseconds wait) const;
  [[nodiscard]] sql_value list(const std::vector<std::int64_t>& sequences) const;
  [[nodiscard]] sql_values claim_parameters(std::size_t room) const;
  // The statement as it is; where a mock moves `nestcpp::clock`, with the database's now moved as far.
  [[nodiscard]] std::string in_time(const std::string& sql, std::chrono::milliseconds later = {}) const;

  database& db_;
  uuid relay_;
  std::chrono::milliseconds claim_duration_;
  bool postgres_;
  std::string claim_;
  std::string renew_;
  std::string remove_;
  std::string retry_;
  std::string bury_;
};

}  // namespace nestcpp::detail
