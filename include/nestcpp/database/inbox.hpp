#pragma once
/// @file nestcpp/database/inbox.hpp
/// @brief Transactional inbox: the effect of a message that arrives several times happens once.

#include <nestcpp/core/task.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/database/migrations.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace nestcpp {

/// @code
/// auto tx = co_await db.begin();
/// if (!co_await inbox.first_time(tx, event.eventId)) co_return;   // tx is rolled back, the message acknowledged
/// … the effect, in tx …
/// co_await tx.commit();
/// @endcode
/// @par Thread safety Safe.
class inbox {
 public:
  /// @param table letters, digits and `_`, for example "notification_inbox".
  explicit inbox(std::string table = "inbox");

  /// Records the key within `tx`. A second transaction with the same key waits until the first ends, and gets false if
  /// it committed.
  /// @param key what identifies the message, for example its event id.
  [[nodiscard]] task<bool> first_time(transaction& tx, std::string key);

  /// @name The same without a round trip of its own, where the effect needs no answers
  /// @code
  /// auto tx = co_await db.begin();
  /// inbox.enqueue(tx, event.eventId);
  /// notifications.enqueue_insert(notification, tx);
  /// if (!co_await inbox.commit(tx)) …   // it came before: nothing of tx is kept
  /// @endcode
  /// @{

  /// Keeps the key, to record it with what `tx` sends next, which throws `unique_violation` where it came before. Comes
  /// before the effect, so that the effect of a second time is not tried.
  void enqueue(transaction& tx, std::string key) const;
  /// @return false: the key came before. @throws as `transaction::commit()`
  [[nodiscard]] task<bool> commit(transaction& tx) const;
  /// @}

  /// Forgets keys older than `age`; choose it longer than any sender repeats. @return how many.
  [[nodiscard]] task<std::size_t> remove_older_than(database& db, std::chrono::milliseconds age);

  [[nodiscard]] const std::string& table() const noexcept { return table_; }
  /// The table's DDL, under a number of the service's list.
  [[nodiscard]] migration create_table(int version) const;

 private:
  std::string table_;
  std::string insert_;
  std::string insert_once_;
  std::string primary_key_;  // as PostgreSQL calls it: folded, at most 63 characters
};

}  // namespace nestcpp
