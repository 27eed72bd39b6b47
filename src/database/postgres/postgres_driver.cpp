// PostgreSQL by libpqxx 6.4, 7 and 8; their differences are here and nowhere else. The only file that includes pqxx.
//
// Statements go one after another: BEGIN, a statement and COMMIT are three round trips. Where that matters, libpq's
// pipeline mode (PQenterPipelineMode) on the connection below sends them in one; `transaction::enqueue` already gathers
// them.
#include "../driver.hpp"

#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <poll.h>

namespace nestcpp::detail {

namespace {

constexpr std::size_t statement_cache_size = 256;

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
  explicit text_parameters(const sql_values& parameters) {
    made_.reserve(parameters.size());  // its texts are pointed to
    for (const auto& each : parameters) {
      std::visit([this](const auto& v) { add(v); }, each.data());
    }
  }
  text_parameters(const text_parameters&) = delete;
  text_parameters& operator=(const text_parameters&) = delete;

  [[nodiscard]] const std::vector<const std::string*>& all() const noexcept { return all_; }

 private:
  void add(std::monostate) { all_.push_back(nullptr); }
  void add(const std::string& v) { all_.push_back(&v); }
  void add(bool v) { keep(v ? "true" : "false"); }
  void add(std::int64_t v) { keep(std::to_string(v)); }
  void add(double v) { keep(to_text(v)); }
  void add(const uuid& v) { keep(v.to_string()); }
  void add(const timestamp& v) { keep(v.to_iso8601()); }
  void keep(std::string v) { all_.push_back(&made_.emplace_back(std::move(v))); }

  std::vector<std::string> made_;
  std::vector<const std::string*> all_;
};

#if PQXX_VERSION_MAJOR < 7

// 6 connects again by itself, in the middle of anything; here a lost connection stays lost until the pool replaces it.
void stay_broken(pqxx::connection& connection) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

pqxx::result run_prepared(pqxx::nontransaction& work, const std::string& name, const text_parameters& parameters) {
  std::vector<const char*> texts;
  texts.reserve(parameters.all().size());
  for (const auto* each : parameters.all()) texts.push_back(each != nullptr ? each->c_str() : nullptr);
  return work.exec_prepared(name, pqxx::prepare::make_dynamic_params(texts));
}

#else

void stay_broken(pqxx::connection&) {}

pqxx::result run_prepared(pqxx::nontransaction& work, const std::string& name, const text_parameters& parameters) {
  pqxx::params texts;
  texts.reserve(parameters.all().size());
  for (const auto* each : parameters.all()) {
    if (each != nullptr) {
      texts.append(pqxx::zview{each->c_str(), each->size()});
    } else {
      texts.append();
    }
  }
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 10
  return work.exec(pqxx::prepped{name}, texts);
#else
  return work.exec_prepared(name, texts);
#endif
}

#endif

std::string first_line(std::string_view text) {
  // What follows ("DETAIL:  Key (email)=(…) already exists.") holds values.
  auto line = text.substr(0, text.find('\n'));
  if (line.starts_with("ERROR:")) line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ', 6)));
  return std::string{line};
}

/// `duplicate key value violates unique constraint "users_email_key"` → users_email_key;
/// `insert or update on table "a" violates foreign key constraint "f"`, `… constraint "f" on table "b"` → f.
std::string constraint_in(std::string_view message) {
  const std::string_view line = message.substr(0, message.find('\n'));
  constexpr std::string_view before = "constraint \"";
  auto at = line.find(before);
  if (at == std::string_view::npos) return {};  // the server speaks another language (lc_messages)
  at += before.size();
  return std::string{line.substr(at, line.find('"', at) - at)};
}

/// `DETAIL:  Key (first_name, lower(email))=(…) already exists.` → {"first_name", "lower(email)"}
std::vector<std::string> columns_in(std::string_view message) {
  std::vector<std::string> columns;
  const auto detail = message.find('\n');
  if (detail == std::string_view::npos) return columns;
  message.remove_prefix(detail);
  const auto end = message.find(")=(");
  const auto start = message.find('(');
  if (end == std::string_view::npos || start == std::string_view::npos || start >= end) return columns;
  std::string column;
  int depth = 0;
  for (const char c : message.substr(start + 1, end - start - 1)) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      columns.push_back(std::exchange(column, {}));
    } else if (!(c == ' ' && column.empty())) {
      column += c;
    }
  }
  columns.push_back(std::move(column));
  return columns;
}

bool is_query(std::string_view sql) {
  sql.remove_prefix(std::min(sql.size(), sql.find_first_not_of(" \t\r\n(")));
  std::string word;
  for (const char c : sql.substr(0, sql.find_first_of(" \t\r\n*(")))
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word == "select" || word == "values" || word == "table" || word == "show" || word == "explain";
}

class postgres_connection final : public database_connection {
 public:
  postgres_connection(const std::string& connection_string, const std::string& description,
                      std::chrono::milliseconds limit)
      : description_{description}, limit_{limit} {
    try {
      connection_.emplace(connection_string);
      stay_broken(*connection_);
      // The constraint's name stands in the message only, and is found there in English. A superuser may ask for that.
      pqxx::nontransaction{*connection_}.exec(
          "SELECT set_config('lc_messages', 'C', false) FROM pg_roles WHERE rolname = current_user AND rolsuper "
          "AND current_setting('lc_messages') !~ '^(C|POSIX|en)'");
    } catch (const std::exception& failure) {
      throw database_unavailable{first_line(failure.what())};
    }
  }

  rows execute(const std::string& sql, const sql_values& parameters) override {
    const text_parameters texts{parameters};
    try {
      auto& statement = prepared(sql);
      return run(statement, texts);
    } catch (const stale_statement&) {
      // The tables have changed since it was prepared; nothing was executed.
      if (in_transaction_)
        throw serialization_failure{"the tables have changed meanwhile; repeat the transaction", "0A000"};
      return run(prepared(sql), texts);
    }
  }

  void execute_script(const std::string& sql) override {
    guarded([&] { static_cast<void>(pqxx::nontransaction{*connection_}.exec(sql)); });
  }

  void begin(const transaction_options& options) override {
    std::string sql = "BEGIN";
    if (options.isolation == isolation_level::repeatable_read) sql += " ISOLATION LEVEL REPEATABLE READ";
    if (options.isolation == isolation_level::serializable) sql += " ISOLATION LEVEL SERIALIZABLE";
    if (options.read_only) sql += " READ ONLY";
    execute_script(sql);
    in_transaction_ = true;
  }

  void commit() override {
    try {
      execute_script("COMMIT");
      in_transaction_ = false;
    } catch (const database_unavailable& failure) {
      broken_ = true;
      throw database_unavailable{
          fmt::format("the connection broke during COMMIT, its outcome is unknown: {}", failure.what()),
          failure.code()};
    } catch (...) {
      in_transaction_ = false;  // a COMMIT that fails has rolled back
      throw;
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
    if (broken_ || !connection_->is_open()) return false;
    // An idle connection has nothing to say but good-bye.
    pollfd socket{connection_->sock(), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0;
  }
  bool is_broken() const noexcept override { return broken_; }
  void cancel() noexcept override {
    try {
      connection_->cancel_query();
    } catch (const std::exception&) {  // it is said again
    }
  }

 private:
  struct statement {
    std::string name;
    bool changes = false;  // of a query, PostgreSQL counts the rows as affected
    std::shared_ptr<const std::vector<std::string>> columns;
    std::vector<unsigned> types;
  };
  struct stale_statement {};

  statement& prepared(const std::string& sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
    statement fresh;
    fresh.name = fmt::format("nestcpp_{}", ++last_name_);
    fresh.changes = !is_query(sql);
    guarded([&] {
      if (order_.size() >= statement_cache_size) forget(order_.front());
      connection_->prepare(fresh.name, sql);
    });
    order_.push_back(sql);
    return statements_.emplace(sql, std::move(fresh)).first->second;
  }

  void forget(std::string sql) {
    const auto found = statements_.find(sql);
    if (found == statements_.end()) return;
    const auto name = found->second.name;
    statements_.erase(found);
    std::erase(order_, sql);
    connection_->unprepare(name);
  }

  rows run(statement& which, const text_parameters& parameters) {
    return guarded([&] {
      pqxx::nontransaction work{*connection_};
      return read(which, run_prepared(work, which.name, parameters));
    });
  }

  static rows read(statement& which, const pqxx::result& result) {
    auto data = std::make_shared<result_data>();
    const auto columns = static_cast<int>(result.columns());
    if (!which.columns) {
      auto names = std::make_shared<std::vector<std::string>>();
      for (int i = 0; i < columns; ++i) {
        names->emplace_back(result.column_name(static_cast<pqxx::row::size_type>(i)));
        which.types.push_back(static_cast<unsigned>(result.column_type(static_cast<pqxx::row::size_type>(i))));
      }
      which.columns = std::move(names);
    }
    data->columns = which.columns;
    data->rows = static_cast<std::size_t>(result.size());
    if (which.changes) data->affected = static_cast<std::size_t>(result.affected_rows());
    data->cells.reserve(data->rows * static_cast<std::size_t>(columns));
    for (pqxx::result::size_type r = 0; r < result.size(); ++r) {
      const auto row = result[r];
      for (int c = 0; c < columns; ++c) {
        const auto field = row[static_cast<pqxx::row::size_type>(c)];
        if (field.is_null()) {
          data->add_null();
        } else {
          add(*data, which.types[static_cast<std::size_t>(c)], {field.c_str(), static_cast<std::size_t>(field.size())});
        }
      }
    }
    return data;
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

  template <class F>
  auto guarded(F work) -> decltype(work()) {
    if (broken_) throw database_unavailable{description_ + ": the connection is lost"};
    try {
      return work();
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

  [[noreturn]] void fail(const std::string& message, std::string code) {
    const auto line = first_line(message);
    const auto is = [&](std::string_view wanted) { return code == wanted; };
    // 57P01 to 57P05: shut down, crashed, starting, dropped, idle too long.
    if (code.starts_with("57P") || is("53300") || (code.starts_with("08") && !is("08P01")) || !connection_->is_open()) {
      broken_ = true;
      throw database_unavailable{fmt::format("{}: {}", description_, line), std::move(code)};
    }
    // "cached plan must not change result type", or the statement was deallocated behind our back
    if (is("26000") || (is("0A000") && message.find("cached plan") != std::string::npos)) {
      forget_all();
      throw stale_statement{};
    }
    if (is("23505")) throw unique_violation{line, std::move(code), constraint_in(message), columns_in(message)};
    if (is("23503")) throw foreign_key_violation{line, std::move(code), constraint_in(message)};
    if (is("40001") || is("40P01")) throw serialization_failure{line, std::move(code)};
    if (is("57014")) {
      throw statement_timeout{
          limit_.count() > 0 ? fmt::format("the statement was cancelled after {} ms", limit_.count()) : line,
          std::move(code)};
    }
    // invalid input syntax for type uuid: "…"
    const bool quotes_the_value = is("22P02") || is("22007") || is("22008");
    throw database_error{quotes_the_value ? line.substr(0, line.find(": \"")) : line, std::move(code)};
  }

  // Under their old names they stay behind on the server until the connection ends.
  void forget_all() {
    statements_.clear();
    order_.clear();
  }

  const std::string& description_;
  const std::chrono::milliseconds limit_;
  std::optional<pqxx::connection> connection_;
  std::unordered_map<std::string, statement> statements_;
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
