#pragma once
/// @file nestcpp/database/outbox.hpp
/// @brief Transactional outbox: an event is stored with the change it tells of, and published until somebody
/// acknowledges it.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/database/migrations.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace nestcpp {

namespace detail {
struct outbox_signal;
}

/// What `outbox::add` stores.
struct outbox_record {
  std::string pattern;         ///< "user.created"
  std::string payload;         ///< JSON text; published byte for byte
  std::string key{};           ///< Events of one key are published in the order they were added. Empty: no order.
  uuid event_id = uuid::v7();  ///< Unique; the consumer's inbox knows a repetition by it.
};

/// What a publisher gets.
struct outbox_message {
  std::int64_t sequence = 0;
  uuid event_id{};
  std::string pattern{};
  std::string payload{};
  std::string key{};
  int attempts = 0;  ///< earlier ones that failed
  timestamp created_at{};
};

/// A publisher throws it where repeating is useless: the receiver will never take the message. It becomes a dead letter
/// at once where the table has a place for them (`outbox::add_dead_letters`), else it is a failure like others.
class outbox_rejected : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A message that is no longer tried.
struct dead_letter {
  outbox_message message{};
  std::string reason{};
  timestamp dead_at{};
};

/// What is in the table at the moment.
struct outbox_statistics {
  std::size_t pending = 0;
  std::size_t dead = 0;
  std::chrono::milliseconds oldest_age{0};  ///< of the oldest that is pending
};

/// Sends one message and returns once the receiver has acknowledged it; throws where it did not, for the relay to try
/// again. At least once: a message is published again where this process dies between the acknowledgement and its
/// record.
class outbox_publisher {
 public:
  virtual ~outbox_publisher() = default;
  [[nodiscard]] virtual task<void> publish(outbox_message message) = 0;
};

/// The table, and the wake-up of the relays in this process. Cheap to copy; copies wake the same relays.
/// @par Thread safety Safe.
class outbox {
 public:
  /// @param table letters, digits and `_`, for example "user_outbox".
  explicit outbox(std::string table = "outbox");

  /// Stores the record within `tx`: it exists if and only if the transaction commits, and is relayed at once then.
  [[nodiscard]] task<void> add(transaction& tx, outbox_record record);

  /// Wakes the relays now. Not needed after `add`.
  void notify();

  [[nodiscard]] const std::string& table() const noexcept { return table_; }
  /// The table's DDL, under a number of the service's list.
  [[nodiscard]] migration create_table(int version) const;

  /// @name Dead letters
  /// Messages that were tried `outbox_relay_options::max_attempts` times, or rejected: they stay in the table with
  /// their reason, and hold up nobody.
  /// @{
  /// A place for them, in a table that `create_table` has made, under a higher number; relays of this outbox and of its
  /// copies then use it.
  [[nodiscard]] migration add_dead_letters(int version);
  /// The oldest first. @throws database_error where there is no place for them, as the next two
  [[nodiscard]] task<std::vector<dead_letter>> dead_letters(database& db, std::size_t limit = 100) const;
  /// Has it tried again, from the start. @return false: there is none of that event
  [[nodiscard]] task<bool> revive(database& db, uuid event_id);
  /// @return how many
  [[nodiscard]] task<std::size_t> remove_dead_letters(database& db, std::chrono::milliseconds older_than);
  /// @}

  /// For metrics: what waits, and how long the oldest has.
  [[nodiscard]] task<outbox_statistics> statistics(database& db) const;
  /// The same for `metrics_registry::collect_async`: `outbox_messages{state}` (`pending`, `dead`) and
  /// `outbox_oldest_message_age_seconds`, each with the label `table`.
  [[nodiscard]] task<std::vector<metric_sample>> metrics(database& db) const;

 private:
  friend class outbox_relay;
  std::string table_;
  std::string insert_;
  std::shared_ptr<detail::outbox_signal> signal_;
};

struct outbox_relay_options {
  /// Messages being published at a time; of one key only one.
  std::size_t max_in_flight = 32;
  /// How often it looks without being woken up, jittered; messages of other processes and expired claims are found so.
  std::chrono::milliseconds poll_interval{500};
  /// Wait after a failed attempt; doubles from the first to the second, with jitter.
  std::chrono::milliseconds min_backoff{50};
  std::chrono::milliseconds max_backoff{1'000};
  /// Messages of a relay that died are taken over after this time. Renewed while a message is being published.
  std::chrono::milliseconds claim_duration{3'000};
  /// A publish that has not returned by then is cancelled and tried again.
  std::chrono::milliseconds publish_timeout{30'000};
  /// After so many a message becomes a dead letter; needs `outbox::add_dead_letters`. Default: 0 = never, it is tried
  /// until it is taken.
  int max_attempts = 0;
};

/// Publishes what is in the outbox, oldest first, on one loop of the runtime. Several relays, in one or many processes,
/// share a table without publishing a message twice, unless one loses the database or its process in the middle. Logs
/// one line when publishing starts to fail and one when it works again.
/// @par Lifetime Database and publisher outlive `stop()`, which is awaited before the relay is destroyed.
class outbox_relay {
 public:
  outbox_relay(runtime& rt, database& db, outbox source, outbox_publisher& publisher,
               outbox_relay_options options = {});
  /// Where `stop()` was not awaited: abandons what is in flight.
  ~outbox_relay();
  outbox_relay(const outbox_relay&) = delete;
  outbox_relay& operator=(const outbox_relay&) = delete;

  /// Begins; what is in the table from former runs goes first.
  void start();

  /// Takes no more messages, waits for those in flight (at most `grace`, then cancels them) and gives back the rest.
  [[nodiscard]] task<void> stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace nestcpp
