#pragma once
/// @file nestcpp/app/idempotency_store.hpp
/// @brief Where the answers to requests with an `Idempotency-Key` are kept.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/database/migrations.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/macros.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace nestcpp {

/// How a handler's call came out, as it is kept.
enum class idempotent_outcome : std::uint8_t {
  value,           ///< it gave `body`, with `status`
  nothing,         ///< it gave nothing, with `status`
  http_exception,  ///< it threw an http_exception of `status` whose body is the JSON `body`
  rpc_exception,   ///< it threw an rpc_exception whose error is the JSON `body`
};
NEST_ENUM(idempotent_outcome, value, nothing, http_exception, rpc_exception);

struct idempotent_answer {
  idempotent_outcome outcome = idempotent_outcome::nothing;
  int status = 0;
  std::string body{};
};

/// What is known of a key.
struct idempotent_claim {
  enum class state : std::uint8_t {
    first,    ///< nobody has it: the caller goes on, and then calls `finish` or `release`
    running,  ///< a request with it is under way
    done,     ///< `answer` is what it came to
  };
  state what = state::first;
  std::string fingerprint{};  ///< `running`, `done`: of the request that came first
  idempotent_answer answer{};
};

/// @par Thread safety Safe.
class idempotency_store {
 public:
  virtual ~idempotency_store() = default;
  [[nodiscard]] virtual task<idempotent_claim> begin(std::string key, std::string fingerprint) = 0;
  [[nodiscard]] virtual task<void> finish(std::string key, idempotent_answer answer) = 0;
  /// Nothing worth keeping came of it: the next request with the key is the first again.
  [[nodiscard]] virtual task<void> release(std::string key) = 0;
};

struct idempotency_options {
  /// How long answers are kept. Default: 24 h.
  std::chrono::milliseconds ttl{std::chrono::hours{24}};
  /// A key whose request has not ended by then is taken for left behind, by a process that died. Default: 60 s.
  std::chrono::milliseconds lease{std::chrono::seconds{60}};
  /// Of a memory store: beyond it, the oldest are forgotten. Default: 100,000.
  std::size_t max_entries = 100'000;
};

/// In this process's memory: for a service of one instance, or a balancer that sends a client to the same one.
class memory_idempotency_store final : public idempotency_store {
 public:
  explicit memory_idempotency_store(idempotency_options options = {}) : options_{options} {}
  [[nodiscard]] task<idempotent_claim> begin(std::string key, std::string fingerprint) override;
  [[nodiscard]] task<void> finish(std::string key, idempotent_answer answer) override;
  [[nodiscard]] task<void> release(std::string key) override;
  [[nodiscard]] std::size_t size() const;

 private:
  struct entry {
    std::string key;
    idempotent_claim claim;
    clock::time_point since;
  };
  void drop_old(clock::time_point now);

  idempotency_options options_;
  mutable std::mutex mutex_;
  std::list<entry> entries_;  // the oldest first
  std::unordered_map<std::string, std::list<entry>::iterator> by_key_;
};

/// In a table, for all instances, and past a restart.
/// @par Lifetime The database outlives it.
class database_idempotency_store final : public idempotency_store {
 public:
  /// @param table letters, digits and `_` @throws database_error for another name
  explicit database_idempotency_store(database& db, std::string table = "idempotency_keys",
                                      idempotency_options options = {});
  [[nodiscard]] task<idempotent_claim> begin(std::string key, std::string fingerprint) override;
  [[nodiscard]] task<void> finish(std::string key, idempotent_answer answer) override;
  [[nodiscard]] task<void> release(std::string key) override;
  /// Forgets what is older than `ttl`; to be called now and then. @return how many
  [[nodiscard]] task<std::size_t> remove_expired();

  /// The table's DDL, under a number of the service's list.
  [[nodiscard]] static migration create_table(int version, const std::string& table = "idempotency_keys");

 private:
  database* db_;
  std::string table_;
  idempotency_options options_;
};

}  // namespace nestcpp
