#pragma once
// The part of a client that lives on one loop: a connection to each instance of the service, made when first needed and
// made again when lost. All members run on that loop.

#include "messaging/client_settings.hpp"
#include "messaging/client_status_board.hpp"
#include "messaging/session_opener.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace nestcpp::detail {

class client_side final : public session_owner, public std::enable_shared_from_this<client_side> {
 public:
  client_side(event_loop& loop, std::shared_ptr<const client_settings> settings, std::shared_ptr<session_opener> opener,
              std::shared_ptr<client_status_board> board);

  [[nodiscard]] event_loop& loop() noexcept { return *loop_; }

  // The connection that the next call should take: of two at random the one with fewer pending calls; null where none
  // is open.
  [[nodiscard]] client_session* pick();

  // The same, after connecting if need be: at once, whatever the backoff of earlier attempts is.
  // @throws unavailable_exception{never_sent} · timeout_exception
  [[nodiscard]] static task<session_ptr> connect(std::shared_ptr<client_side> side, deadline limit);

  // Closes all connections, and ends all attempts; the next call begins anew.
  void close();

  void on_session_closed(client_session& session) override;

 private:
  // One instance of the service.
  struct channel {
    address_ptr address;
    session_ptr session;                                    // null: not connected
    std::uint64_t attempt = 0;                              // under way; 0: none
    int failures = 0;                                       // in a row; a connection that ended at once is one
    clock::time_point retry_at = clock::time_point::max();  // of the next attempt in the background
    std::string why;                                        // the last attempt failed
    int ejections = 0;             // in a row: calls go elsewhere, but for one now and then that finds out
    clock::time_point probe_at{};  // when the next such call is due
  };
  using channel_ptr = std::shared_ptr<channel>;

  // Attempts have numbers, so that a caller waits for those that were under way when it came, and no others.
  void attempt_all(bool due_only);
  void open_all(std::uint64_t number, bool due_only);
  static task<void> resolve(std::shared_ptr<client_side> side, std::uint64_t number);
  static task<void> open(std::shared_ptr<client_side> side, channel_ptr to, std::uint64_t number);
  static task<void> wait_for_attempts(std::shared_ptr<client_side> side, std::uint64_t last);
  [[nodiscard]] bool is_under_way(std::uint64_t last) const noexcept;
  void take_addresses(const resolution& found);
  void take_session(channel& of, session_ptr session);
  void fail(channel& of, std::string why);
  void retry_later(channel& of);
  void plan_retry();
  [[nodiscard]] std::exception_ptr failure() const;
  [[nodiscard]] client_session* pick_one_of_many();

  event_loop* loop_;
  std::shared_ptr<const client_settings> settings_;
  std::shared_ptr<session_opener> opener_;
  std::shared_ptr<client_status_board> board_;
  std::vector<channel_ptr> channels_;
  std::vector<channel*> ready_;     // those with an open connection
  std::uint64_t last_attempt_ = 0;  // its number
  std::uint64_t resolving_ = 0;     // the attempt that finds the addresses; 0: none
  bool resolve_due_only_ = false;   // what to do when they are found
  bool addresses_stale_ = true;
  bool wanted_ = false;      // used since it was made or closed
  std::size_t waiting_ = 0;  // calls that wait for a connection
  std::string resolve_failure_;
  timer changed_;  // cancelled whenever an attempt ends
  timer retry_timer_;
  clock::time_point next_retry_ = clock::time_point::max();
  std::minstd_rand random_;
};

}  // namespace nestcpp::detail
