#include <nestcpp/database/database.hpp>

#include "pool.hpp"
#include "text_check.hpp"
#include "transaction_state.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/database/errors.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <random>
#include <string_view>
#include <thread>

namespace nestcpp {

namespace {

using namespace std::chrono_literals;
using detail::availability;
using detail::connection_pool;
using detail::database_backend;
using detail::interruption;
using detail::lease;

/// Whether the statement surely only reads: what may run beside the writer. A WITH may write, so it goes to the writer.
bool only_reads(std::string_view sql) {
  const auto start = sql.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  sql.remove_prefix(start);
  const auto begins_with = [&](std::string_view word) {
    return sql.size() > word.size() && std::equal(word.begin(), word.end(), sql.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
  };
  return begins_with("select") || begins_with("values");
}

class pooled_database final : public database {
 public:
  pooled_database(const database_options& options, std::shared_ptr<database_backend> backend)
      : backend_{std::move(backend)}, connect_timeout_{options.connect_timeout} {
    // Beside the services that ask it, a database that is given more than its cores can do loses time to their turns.
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t together = backend_->is_local() ? 2 * cores : std::numeric_limits<std::size_t>::max();
    const auto state = std::make_shared<availability>(backend_->description());
    const auto make = [&](database_backend::role role, std::size_t size, const char* name) {
      return std::make_shared<connection_pool>(
          backend_, state,
          connection_pool::options{role, size, together, name, options.acquire_timeout, options.max_lifetime,
                                   options.slow_query_threshold});
    };
    writers_ = make(database_backend::role::read_write, backend_->writers(), "database");
    readers_ = backend_->readers() == 0 ? writers_
                                        : make(database_backend::role::read_only, backend_->readers(), "database-read");
  }

  ~pooled_database() override {
    readers_->shut_down();
    if (writers_ != readers_) writers_->shut_down();
  }

  task<result_set> execute(std::string sql, sql_values parameters) override {
    detail::check_statement(sql, parameters);
    auto& pool = writers_ != readers_ && only_reads(sql) ? *readers_ : *writers_;
    const detail::statement one{std::move(sql), std::move(parameters)};
    co_return result_set{co_await pool.lend([&pool, &one](lease& place, interruption& stop) {
      if (!place.has_connection()) pool.check_availability();
      try {
        detail::database_connection& connection = place.prepare();
        detail::rows found = pool.execute(connection, {.statements = {&one, 1}}, &stop);
        if (connection.in_transaction()) {
          connection.rollback();
          throw database_error{"a transaction is begun by database::begin(), not by a statement"};
        }
        return found;
      } catch (...) {
        place.drop_if_broken();
        throw;
      }
    })};
  }

  task<transaction> begin(transaction_options options) override {
    auto place = co_await (options.read_only ? readers_ : writers_)->acquire();
    co_return transaction{std::make_shared<detail::transaction_state>(std::move(place), backend_->driver(), options)};
  }

  task<void> connect() override {
    const auto limit = deadline::after(connect_timeout_);
    std::minstd_rand random{std::random_device{}()};
    auto longest = 50ms;
    timer alarm{co_await boost::asio::this_coro::executor};
    for (;;) {
      std::string reason;
      try {
        co_await writers_->lend([](lease& place, interruption&) { static_cast<void>(place.prepare()); });
        co_return;
      } catch (const database_unavailable& failure) {
        reason = failure.what();
      } catch (const database_error& failure) {  // repeating would not help
        throw startup_error{failure.what()};
      }
      const auto wait =
          longest / 2 + std::chrono::milliseconds{random() % static_cast<unsigned>(longest.count() / 2 + 1)};
      if (limit.remaining() <= wait) {
        throw startup_error{
            fmt::format("cannot reach {} within {} ms: {}", backend_->description(), connect_timeout_.count(), reason)};
      }
      alarm.expires_after(wait);
      co_await alarm.async_wait(boost::asio::use_awaitable);
      longest = std::min(longest * 2, 1000ms);
    }
  }

  task<void> ping() override { co_await execute("SELECT 1", sql_values{}); }

  task<void> close(std::chrono::milliseconds grace) override {
    const auto limit = deadline::after(grace);
    co_await readers_->close(limit);
    if (writers_ != readers_) co_await writers_->close(limit);
  }

  [[nodiscard]] std::vector<metric_sample> metrics() const override {
    std::vector<metric_sample> samples;
    writers_->append_metrics(samples);
    if (readers_ != writers_) readers_->append_metrics(samples);
    return samples;
  }

  [[nodiscard]] database_driver driver() const noexcept override { return backend_->driver(); }
  [[nodiscard]] const std::string& description() const noexcept override { return backend_->description(); }

 private:
  std::shared_ptr<database_backend> backend_;
  std::chrono::milliseconds connect_timeout_;
  std::shared_ptr<connection_pool> writers_;
  std::shared_ptr<connection_pool> readers_;
};

}  // namespace

std::unique_ptr<database> make_database(runtime& /*rt*/, database_options options) {
  auto backend = options.driver == database_driver::postgres ? detail::make_postgres_backend(options)
                                                             : detail::make_sqlite_backend(options);
  return std::make_unique<pooled_database>(options, std::move(backend));
}

}  // namespace nestcpp
