// PostgreSQL: connected and cancelled by libpqxx. Statements go in libpq's pipeline mode, which libpqxx has for text
// only: BEGIN, statements and COMMIT in one round trip, also those that are prepared first.
#include "../driver.hpp"
#include "postgres_errors.hpp"
#include "pqxx_connection.hpp"
#include "prepared_statements.hpp"
#include "text_parameters.hpp"

#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <poll.h>

namespace nestcpp::detail {

namespace {

constexpr std::size_t most_parameters = 65'535;
constexpr const char* changed_meanwhile = "the tables have changed meanwhile; repeat the transaction";

struct clear_result {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using result_ptr = std::unique_ptr<PGresult, clear_result>;

class postgres_connection final : public database_connection {
 public:
  postgres_connection(const std::string& connection_string, const std::string& description,
                      std::chrono::milliseconds limit)
      : description_{description}, limit_{limit} {
    try {
      connection_.emplace(connection_string);
      // The constraint's name stands in the message only, and is found there in English. A superuser may ask for that.
      pqxx::nontransaction{connection_->get()}.exec(
          "SELECT set_config('lc_messages', 'C', false) FROM pg_roles WHERE rolname = current_user AND rolsuper "
          "AND current_setting('lc_messages') !~ '^(C|POSIX|en)'");
    } catch (const std::exception& failure) {
      throw database_unavailable{first_line_of(failure.what())};
    }
  }

  rows execute(const statement_batch& batch) override {
    for (const statement& each : batch.statements) refuse_unfit(each);
    refuse_if_broken();
    make_room_for(batch);
    const bool alone = batch.begin == nullptr && !batch.commit && batch.statements.size() == 1 && !in_transaction_;
    try {
      return run(batch);
    } catch (const stale_statement&) {
      // The tables have changed since it was prepared; nothing was executed.
      if (!alone) throw serialization_failure{changed_meanwhile, "0A000"};
    } catch (const database_unavailable& failure) {
      if (!batch.commit) throw;
      throw database_unavailable{
          fmt::format("the connection broke during COMMIT, its outcome is unknown: {}", failure.what()),
          failure.code()};
    }
    return run(batch);
  }

  void execute_script(const std::string& sql) override {
    refuse_if_broken();
    try {
      static_cast<void>(pqxx::nontransaction{connection_->get()}.exec(sql));
      note_transaction();
    } catch (const pqxx::serialization_failure& failure) {  // these two tell no code in 6
      fail(failure.what(), "40001");
    } catch (const pqxx::deadlock_detected& failure) {
      fail(failure.what(), "40P01");
    } catch (const pqxx::sql_error& failure) {
      fail(failure.what(), std::string{failure.sqlstate()});
    } catch (const std::exception& failure) {
      fail(failure.what(), {});
    }
  }

  void rollback() noexcept override {
    if (!in_transaction_ || broken_) return;
    try {
      execute_script("ROLLBACK");
      in_transaction_ = false;
    } catch (...) {
      broken_ = true;
    }
  }

  bool is_usable() noexcept override {
    if (broken_ || is_lost()) return false;
    // An idle connection has nothing to say but good-bye.
    pollfd socket{PQsocket(connection_->raw()), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0;
  }
  bool is_broken() const noexcept override { return broken_; }
  bool in_transaction() const noexcept override { return in_transaction_; }
  void cancel() noexcept override {
    try {
      connection_->get().cancel_query();
    } catch (const std::exception&) {  // it is said again
    }
  }

 private:
  struct stale_statement : database_error {
    using database_error::database_error;
  };

  // Something that was sent, and whose result is still to come.
  struct sent_command {
    enum class kind { begin, prepare, execute, commit } what;
    prepared_statement* prepared = nullptr;
    const statement* given = nullptr;
  };

  rows run(const statement_batch& batch) {
    rows last;
    std::exception_ptr failure;
    const auto attempt = [&failure](const auto& work) {
      try {
        work();
      } catch (...) {
        if (!failure) failure = std::current_exception();
      }
    };
    for (const sent_command& each : send(batch)) {
      const bool is_skipped = failure != nullptr;  // as what follows a failure is, which its result says
      result_ptr result;
      if (!broken_) attempt([&] { result = next_result(); });
      if (is_skipped) continue;
      if (result) attempt([&] { last = take(each, *result, std::move(last)); });
      if (each.given != nullptr && (failure || each.what == sent_command::kind::execute)) {
        batch.ended(*each.given, failure != nullptr);
      }
    }
    if (!broken_) attempt([&] { leave_pipeline(); });
    if (failure) {
      statements_.forget_what_is_not_ready();
      std::rethrow_exception(failure);
    }
    return last;
  }

  std::vector<sent_command> send(const statement_batch& batch) {
    using enum sent_command::kind;
    std::vector<sent_command> sent;
    PGconn* const raw = connection_->raw();
    require(PQenterPipelineMode(raw));
    const auto send_one = [&](sent_command::kind what, const std::string& sql, const text_parameters& parameters,
                              const statement* given) {
      const auto [known, is_new] = statements_.find_or_add(sql);
      if (is_new) {
        require(PQsendPrepare(raw, known.name.c_str(), sql.c_str(), 0, nullptr));
        sent.push_back({prepare, &known, given});
      }
      require(PQsendQueryPrepared(raw, known.name.c_str(), parameters.count(), parameters.all(), nullptr, nullptr, 0));
      sent.push_back({what, &known, given});
    };
    if (batch.begin != nullptr) send_one(begin, begin_text(*batch.begin), {}, nullptr);
    for (const statement& each : batch.statements) send_one(execute, each.sql, text_parameters{each.parameters}, &each);
    if (batch.commit) send_one(commit, "COMMIT", {}, nullptr);
    require(PQpipelineSync(raw));
    return sent;
  }

  static const char* begin_text(const transaction_options& options) {
    switch (options.isolation) {
      case isolation_level::repeatable_read:
        return options.read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                 : "BEGIN ISOLATION LEVEL REPEATABLE READ";
      case isolation_level::serializable:
        return options.read_only ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
                                 : "BEGIN ISOLATION LEVEL SERIALIZABLE";
      case isolation_level::read_committed: break;
    }
    return options.read_only ? "BEGIN READ ONLY" : "BEGIN";
  }

  // @return the rows of the last statement so far
  rows take(const sent_command& command, const PGresult& result, rows last) {
    using enum sent_command::kind;
    check(result);
    if (command.what == commit && std::string_view{PQcmdStatus(const_cast<PGresult*>(&result))} != "COMMIT") {
      throw database_error{"the transaction had failed, and was rolled back by its COMMIT", "25P02"};
    }
    switch (command.what) {
      case begin: in_transaction_ = true; break;
      case prepare: command.prepared->is_ready = true; break;
      case execute: return read_rows(*command.prepared, result);
      case commit: break;
    }
    return last;
  }

  result_ptr next_result() {
    result_ptr result{PQgetResult(connection_->raw())};
    if (!result) lose();
    switch (PQresultStatus(result.get())) {
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        broken_ = true;  // it waits for data, or sends some, and nothing else can be said
        throw database_error{"COPY cannot be executed as a statement"};
      default: break;
    }
    if (const result_ptr more{PQgetResult(connection_->raw())}) lose();
    return result;
  }

  void leave_pipeline() {
    // A statement outside of a transaction is committed here, which may fail.
    std::exception_ptr failure;
    for (bool is_end = false;;) {
      const result_ptr result{PQgetResult(connection_->raw())};
      if (!result && std::exchange(is_end, true)) lose();
      if (!result) continue;
      is_end = false;
      if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
      try {
        check(*result);
      } catch (...) {
        if (broken_) throw;
        failure = std::current_exception();
      }
    }
    require(PQexitPipelineMode(connection_->raw()));
    note_transaction();
    if (failure) std::rethrow_exception(failure);
  }

  void check(const PGresult& result) {
    switch (PQresultStatus(&result)) {
      case PGRES_BAD_RESPONSE:
      case PGRES_FATAL_ERROR:
      case PGRES_PIPELINE_ABORTED: break;
      default: return;
    }
    const char* const code = PQresultErrorField(&result, PG_DIAG_SQLSTATE);
    fail(PQresultErrorMessage(&result), code != nullptr ? code : "");
  }

  void make_room_for(const statement_batch& batch) {
    std::vector<std::string_view> texts;
    texts.reserve(batch.statements.size() + 2);
    for (const statement& each : batch.statements) texts.emplace_back(each.sql);
    if (batch.begin != nullptr) texts.emplace_back(begin_text(*batch.begin));
    if (batch.commit) texts.emplace_back("COMMIT");
    const std::vector<std::string> forgotten = statements_.make_room_for(texts);
    if (forgotten.empty()) return;
    try {
      execute_script(fmt::format("DEALLOCATE {}", fmt::join(forgotten, "; DEALLOCATE ")));
    } catch (const stale_statement&) {  // somebody else did, and nothing is known any more
      if (in_transaction_) throw serialization_failure{changed_meanwhile, "26000"};
    }
  }

  // As the server has it: what fails may have ended the transaction, or not.
  void note_transaction() noexcept { in_transaction_ = PQtransactionStatus(connection_->raw()) != PQTRANS_IDLE; }
  static void refuse_unfit(const statement& one) {
    // It would wait for data, or send some, and what was sent behind it would be executed all the same.
    if (first_word_of(one.sql) == "copy") throw database_error{"COPY cannot be executed as a statement"};
    if (one.parameters.size() > most_parameters) {
      throw database_error{fmt::format("the statement has {} parameters, PostgreSQL takes {} at most",
                                       one.parameters.size(), most_parameters)};
    }
  }

  [[nodiscard]] bool is_lost() const noexcept { return PQstatus(connection_->raw()) != CONNECTION_OK; }
  void refuse_if_broken() const {
    if (broken_) throw database_unavailable{description_ + ": the connection is lost"};
  }
  // Where libpq takes nothing more, or says something out of turn, nobody knows where the connection is.
  void require(int accepted) {
    if (accepted == 0) lose();
  }
  [[noreturn]] void lose() {
    broken_ = true;
    const std::string why = first_line_of(PQerrorMessage(connection_->raw()));
    throw database_unavailable{fmt::format("{}: {}", description_, why.empty() ? "the connection is lost" : why)};
  }

  [[noreturn]] void fail(const std::string& message, std::string sqlstate) {
    if (ends_connection(sqlstate) || is_lost()) {
      broken_ = true;
      throw database_unavailable{fmt::format("{}: {}", description_, first_line_of(message)), std::move(sqlstate)};
    }
    // "cached plan must not change result type", or the statement was deallocated behind our back
    if (sqlstate == "26000" || (sqlstate == "0A000" && message.find("cached plan") != std::string::npos)) {
      statements_.clear();  // under their old names they stay behind on the server until the connection ends
      throw stale_statement{first_line_of(message), std::move(sqlstate)};
    }
    throw_postgres_error(message, std::move(sqlstate), limit_);
  }

  const std::string& description_;
  const std::chrono::milliseconds limit_;
  std::optional<pqxx_connection> connection_;
  prepared_statements statements_;
  bool in_transaction_ = false;
  bool broken_ = false;
};

bool names_this_machine(std::string_view host) {
  return host.empty() || host == "localhost" || host == "::1" || host.starts_with("127.") || host.starts_with('/') ||
         host.starts_with('@');
}

class postgres_backend final : public database_backend {
 public:
  explicit postgres_backend(const database_options& options)
      : description_{fmt::format("PostgreSQL at {}:{}", options.host, options.port)},
        limit_{options.statement_timeout},
        size_{std::max<std::size_t>(options.pool_size, 1)},
        is_local_{names_this_machine(options.host)} {
    const auto add = [this](std::string_view name, std::string_view text) {
      connection_string_ += fmt::format("{}{}='", connection_string_.empty() ? "" : " ", name);
      for (const char c : text) {
        if (c == '\'' || c == '\\') connection_string_ += '\\';
        connection_string_ += c;
      }
      connection_string_ += '\'';
    };
    add("host", options.host);
    add("port", std::to_string(options.port));
    add("user", options.username);
    if (!options.password.empty()) add("password", options.password);
    add("dbname", options.name);
    if (!options.ssl_mode.empty()) add("sslmode", options.ssl_mode);
    if (!options.ssl_root_cert.empty()) add("sslrootcert", options.ssl_root_cert);
    add("application_name", options.application_name);
    add("client_encoding", "UTF8");
    add("connect_timeout", "2");
    // A peer that vanished without a word is noticed within 20 s.
    add("keepalives_idle", "10");
    add("keepalives_interval", "3");
    add("keepalives_count", "3");
    add("tcp_user_timeout", "20000");
    add("options", fmt::format("-c TimeZone=UTC -c DateStyle=ISO -c client_min_messages=error -c statement_timeout={}",
                               options.statement_timeout.count()));
  }

  std::unique_ptr<database_connection> open(role /*all are alike*/) override {
    return std::make_unique<postgres_connection>(connection_string_, description_, limit_);
  }

  std::size_t writers() const noexcept override { return size_; }
  std::size_t readers() const noexcept override { return 0; }
  bool is_local() const noexcept override { return is_local_; }
  const std::string& description() const noexcept override { return description_; }
  database_driver driver() const noexcept override { return database_driver::postgres; }

 private:
  std::string connection_string_;
  std::string description_;
  std::chrono::milliseconds limit_;
  std::size_t size_;
  bool is_local_;
};

}  // namespace

std::unique_ptr<database_backend> make_postgres_backend(const database_options& options) {
  return std::make_unique<postgres_backend>(options);
}

}  // namespace nestcpp::detail
