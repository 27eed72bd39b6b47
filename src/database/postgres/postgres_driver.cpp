// PostgreSQL: connected and cancelled by libpqxx 6.4, 7 or 8, whose differences are here and nowhere else. Statements go in
// libpq's pipeline mode, which libpqxx has for text only: BEGIN, statements and COMMIT in one round trip, also those that
// are prepared first. The only file that includes pqxx.
#include "../array_text.hpp"
#include "../driver.hpp"
#include "postgres_errors.hpp"

#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <exception>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <poll.h>

namespace nestcpp::detail {

namespace {

constexpr std::size_t statement_cache_size = 256;
constexpr std::size_t most_parameters = 65'535;

// pg_type's object ids of what is not read as text
constexpr unsigned oid_bool = 16, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23, oid_float4 = 700, oid_float8 = 701;

std::string to_text(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v > 0 ? "Infinity" : "-Infinity";
  return fmt::format("{}", v);
}

/// Parameters in PostgreSQL's text form; texts are not copied.
class text_parameters {
 public:
  text_parameters() = default;
  explicit text_parameters(const sql_values& parameters) {
    made_.reserve(parameters.size());  // its texts are pointed to
    for (const auto& each : parameters) {
      std::visit([this](const auto& v) { add(v); }, each.data());
    }
  }
  text_parameters(const text_parameters&) = delete;
  text_parameters& operator=(const text_parameters&) = delete;

  [[nodiscard]] int count() const noexcept { return static_cast<int>(all_.size()); }
  [[nodiscard]] const char* const* all() const noexcept { return all_.data(); }

 private:
  void add(std::monostate) { all_.push_back(nullptr); }
  void add(const std::string& v) { all_.push_back(v.c_str()); }
  void add(bool v) { keep(v ? "true" : "false"); }
  void add(std::int64_t v) { keep(std::to_string(v)); }
  void add(double v) { keep(to_text(v)); }
  void add(const uuid& v) { keep(v.to_string()); }
  void add(const timestamp& v) { keep(v.to_iso8601()); }
  void add(const sql_array& v) { keep(to_array_literal(v)); }
  void keep(std::string v) { all_.push_back(made_.emplace_back(std::move(v)).c_str()); }

  std::vector<std::string> made_;
  std::vector<const char*> all_;
};

/// libpqxx's connection with the libpq connection that is in it.
#if PQXX_VERSION_MAJOR < 7

class pqxx_connection {
 public:
  explicit pqxx_connection(const std::string& options) : connection_{options} {}
  [[nodiscard]] pqxx::connection_base& get() noexcept { return connection_; }
  [[nodiscard]] PGconn* raw() const noexcept { return connection_.policy.raw; }

 private:
  struct policy_holder {
    class direct final : public pqxx::connectionpolicy {
     public:
      using connectionpolicy::connectionpolicy;
      handle do_startconnect(handle before) override { return raw = normalconnect(before); }
      handle raw = nullptr;
    } policy;
  };
  struct tapped : policy_holder, pqxx::connection_base {
    explicit tapped(const std::string& options)
        : policy_holder{policy_holder::direct{options}}, connection_base{this->policy} {
      init();
      // 6 connects again by itself, in the middle of anything; here a lost connection stays lost until the pool
      // replaces it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
      inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    ~tapped() { close(); }
  } connection_;
};

#else

class pqxx_connection {
 public:
  explicit pqxx_connection(const std::string& options)
      : raw_{pqxx::connection{options}.release_raw_connection()},
        connection_{pqxx::connection::seize_raw_connection(raw_)} {}
  [[nodiscard]] pqxx::connection& get() noexcept { return connection_; }
  [[nodiscard]] PGconn* raw() const noexcept { return raw_; }

 private:
  PGconn* raw_;
  pqxx::connection connection_;
};

#endif

struct clear_result {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using result_ptr = std::unique_ptr<PGresult, clear_result>;

std::string first_word_of(std::string_view sql) {
  sql.remove_prefix(std::min(sql.size(), sql.find_first_not_of(" \t\r\n(")));
  std::string word;
  for (const char c : sql.substr(0, sql.find_first_of(" \t\r\n*(")))
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word;
}

bool is_query(std::string_view sql) {
  const std::string word = first_word_of(sql);
  return word == "select" || word == "values" || word == "table" || word == "show" || word == "explain";
}

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
    for (const statement& each : batch.statements) {
      if (each.parameters.size() <= most_parameters) continue;
      throw database_error{fmt::format("the statement has {} parameters, PostgreSQL takes {} at most",
                                       each.parameters.size(), most_parameters)};
    }
    const bool alone = batch.begin == nullptr && !batch.commit && batch.statements.size() == 1 && !in_transaction_;
    for (const statement& each : batch.statements) refuse_copy(each.sql);
    refuse_if_broken();
    try {
      return run(batch);
    } catch (const stale_statement&) {
      // The tables have changed since it was prepared; nothing was executed.
      if (!alone) throw serialization_failure{"the tables have changed meanwhile; repeat the transaction", "0A000"};
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
  void cancel() noexcept override {
    try {
      connection_->get().cancel_query();
    } catch (const std::exception&) {  // it is said again
    }
  }

 private:
  struct prepared_statement {
    std::string name;
    bool is_ready = false;
    bool changes = false;  // of a query, PostgreSQL counts the rows as affected
    std::shared_ptr<const std::vector<std::string>> columns;
    std::vector<unsigned> types;
  };
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
    refuse_if_broken();
    make_room_for(batch.statements.size() + 2);
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
      forget_what_is_not_ready();
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
      const auto [found, is_new] = statements_.try_emplace(sql);
      prepared_statement& known = found->second;
      if (is_new) {
        known.name = fmt::format("nestcpp_{}", ++last_name_);
        known.changes = !is_query(sql);
        order_.push_back(sql);
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
        return options.read_only ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY" : "BEGIN ISOLATION LEVEL SERIALIZABLE";
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
      case begin: break;
      case prepare: command.prepared->is_ready = true; break;
      case execute: return read(*command.prepared, result);
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

  // After the oldest have been forgotten, this many more may be prepared.
  void make_room_for(std::size_t count) {
    while (!order_.empty() && order_.size() + count > statement_cache_size) {
      const auto oldest = statements_.extract(order_.front());
      order_.pop_front();
      execute_script("DEALLOCATE " + oldest.mapped().name);
    }
  }

  void forget_what_is_not_ready() {
    std::erase_if(statements_, [](const auto& each) { return !each.second.is_ready; });
    std::erase_if(order_, [this](const std::string& each) { return !statements_.contains(each); });
  }

  static rows read(prepared_statement& which, const PGresult& result) {
    auto data = std::make_shared<result_data>();
    const int columns = PQnfields(&result);
    if (!which.columns || !has_same_shape(which, result)) {  // a FETCH has the shape of its cursor
      which.types.clear();
      auto names = std::make_shared<std::vector<std::string>>();
      for (int i = 0; i < columns; ++i) {
        names->emplace_back(PQfname(&result, i));
        which.types.push_back(PQftype(&result, i));
      }
      which.columns = std::move(names);
    }
    const int count = PQntuples(&result);
    data->columns = which.columns;
    data->rows = static_cast<std::size_t>(count);
    if (which.changes) data->affected = affected_rows(result);
    data->cells.reserve(data->rows * static_cast<std::size_t>(columns));
    for (int row = 0; row < count; ++row) {
      for (int column = 0; column < columns; ++column) {
        if (PQgetisnull(&result, row, column) != 0) {
          data->add_null();
        } else {
          add(*data, which.types[static_cast<std::size_t>(column)],
              {PQgetvalue(&result, row, column), static_cast<std::size_t>(PQgetlength(&result, row, column))});
        }
      }
    }
    return data;
  }

  static bool has_same_shape(const prepared_statement& known, const PGresult& result) {
    if (known.types.size() != static_cast<std::size_t>(PQnfields(&result))) return false;
    for (int i = 0; i < PQnfields(&result); ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (known.types[at] != PQftype(&result, i) || (*known.columns)[at] != PQfname(&result, i)) return false;
    }
    return true;
  }

  static std::size_t affected_rows(const PGresult& result) {
    const std::string_view text = PQcmdTuples(const_cast<PGresult*>(&result));  // which it only reads
    std::size_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
  }

  static void add(result_data& data, unsigned type, std::string_view text) {
    if (type == oid_bool) {
      data.add_integer(text == "t" ? 1 : 0);
    } else if (type == oid_int2 || type == oid_int4 || type == oid_int8) {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      data.add_integer(number);
    } else if (type == oid_float4 || type == oid_float8) {
      double number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);  // knows NaN and Infinity as well
      data.add_real(number);
    } else {
      data.add_text(text);
    }
  }

  // As the server has it: what fails may have ended the transaction, or not.
  void note_transaction() noexcept { in_transaction_ = PQtransactionStatus(connection_->raw()) != PQTRANS_IDLE; }
  // It would wait for data, or send some, and what was sent behind it would be executed all the same.
  static void refuse_copy(std::string_view sql) {
    if (first_word_of(sql) == "copy") throw database_error{"COPY cannot be executed as a statement"};
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
      order_.clear();
      throw stale_statement{first_line_of(message), std::move(sqlstate)};
    }
    throw_postgres_error(message, std::move(sqlstate), limit_);
  }

  const std::string& description_;
  const std::chrono::milliseconds limit_;
  std::optional<pqxx_connection> connection_;
  std::unordered_map<std::string, prepared_statement> statements_;
  std::deque<std::string> order_;  // the oldest first
  std::uint64_t last_name_ = 0;
  bool in_transaction_ = false;
  bool broken_ = false;
};

class postgres_backend final : public database_backend {
 public:
  explicit postgres_backend(const database_options& options)
      : description_{fmt::format("PostgreSQL at {}:{}", options.host, options.port)},
        limit_{options.statement_timeout},
        size_{std::max<std::size_t>(options.pool_size, 1)} {
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
  const std::string& description() const noexcept override { return description_; }
  database_driver driver() const noexcept override { return database_driver::postgres; }

 private:
  std::string connection_string_;
  std::string description_;
  std::chrono::milliseconds limit_;
  std::size_t size_;
};

}  // namespace

std::unique_ptr<database_backend> make_postgres_backend(const database_options& options) {
  return std::make_unique<postgres_backend>(options);
}

}  // namespace nestcpp::detail
