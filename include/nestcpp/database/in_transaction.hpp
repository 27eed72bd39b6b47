#pragma once
/// @file nestcpp/database/in_transaction.hpp
/// @brief Work in a transaction that is committed at its end, and repeated where it collided with others.

#include <nestcpp/core/task.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/database/errors.hpp>

#include <chrono>
#include <optional>
#include <random>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// Runs `work` in a transaction and commits it; what it throws rolls back. Where the database says that the transaction
/// collided with another one (serialization failure, deadlock), all of it is run again, after a short wait: `work` must
/// change nothing but the database.
///
///     const int left = co_await nest::in_transaction(db, [&](nest::transaction& tx) -> nest::task<int> {
///       const auto rows = co_await tx.execute("UPDATE seats SET left = left - 1 WHERE id = $1 RETURNING left", id);
///       co_return rows[0][0].as<int>();
///     }, {.isolation = nest::isolation_level::serializable});
///
/// @param work called with the transaction, gives a task; outlives the call
/// @param attempts in all. Default: 5
/// @throws what `work` throws, and of the last attempt serialization_failure
template <class F>
[[nodiscard]] task<task_value_t<std::invoke_result_t<F&, transaction&>>> in_transaction(
    database& db, F work, transaction_options options = {}, int attempts = 5) {
  using value = task_value_t<std::invoke_result_t<F&, transaction&>>;
  using kept = std::conditional_t<std::is_void_v<value>, bool, std::optional<value>>;
  for (int attempt = 1;; ++attempt) {
    kept result{};
    bool collided = false;
    try {
      transaction tx = co_await db.begin(options);
      if constexpr (std::is_void_v<value>) {
        co_await work(tx);
      } else {
        result.emplace(co_await work(tx));
      }
      co_await tx.commit();
    } catch (const serialization_failure&) {
      if (attempt >= attempts) throw;
      collided = true;
    }
    if (collided) {
      static thread_local std::minstd_rand random{std::random_device{}()};
      co_await sleep_for(std::chrono::milliseconds{1 + random() % static_cast<unsigned>(5 * attempt)});
      continue;
    }
    if constexpr (std::is_void_v<value>) {
      co_return;
    } else {
      co_return *std::move(result);
    }
  }
}

}  // namespace nestcpp
