#pragma once
// What a `transaction` holds; shared with the calls that run, so that it ends with the last of them.

#include "pool.hpp"

#include <nestcpp/database/transaction.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nestcpp::detail {

class transaction_state {
 public:
  transaction_state(lease place, database_driver driver, transaction_options options)
      : place_{std::move(place)}, driver_{driver}, options_{options} {}
  /// Rolls back on a pool thread what is not finished.
  ~transaction_state();
  transaction_state(const transaction_state&) = delete;
  transaction_state& operator=(const transaction_state&) = delete;

  using pointer = std::shared_ptr<transaction_state>;
  [[nodiscard]] static task<result_set> execute(pointer self, std::string sql, sql_values parameters);
  [[nodiscard]] static task<void> execute_script(pointer self, std::string sql);
  void enqueue(std::string sql, sql_values parameters);
  [[nodiscard]] static task<void> rollback_to(pointer self, std::string name);
  /// @return the last statement's
  [[nodiscard]] static task<rows> commit(pointer self);
  [[nodiscard]] static task<void> rollback(pointer self);
  void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

  [[nodiscard]] bool is_active() const noexcept { return stage_ != stage::finished; }
  [[nodiscard]] database_driver driver() const noexcept { return driver_; }

 private:
  enum class stage { fresh, begun, failed, finished };
  class use;

  /// Where a connection would have to be opened. @throws database_unavailable during the moment after that has failed
  void check_availability();
  /// On a pool thread: begins where that has not happened, then sends what is queued. @return the last statement's rows
  rows catch_up(bool commit, interruption* stop);
  /// On a pool thread: what throws there fails the transaction.
  template <class F>
  std::invoke_result_t<F> attempt(const F& work);
  void finish();

  lease place_;
  database_driver driver_;
  transaction_options options_;
  std::atomic<stage> stage_{stage::fresh};  // read by is_active() at any time; the rest belongs to who made it busy
  std::atomic<bool> busy_{false};
  std::string failure_;
  std::vector<statement> queued_;
  std::vector<std::function<void()>> after_commit_;
};

}  // namespace nestcpp::detail
