// SQLite: one connection writes, the others read beside it (WAL). The only file that includes sqlite3.h.
#include "../array_text.hpp"
#include "../driver.hpp"

#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace nestcpp::detail {

namespace {

constexpr int busy_timeout_ms = 5'000;
constexpr std::size_t statement_cache_size = 128;
constexpr int steps_between_checks = 10'000;  // virtual machine steps, well under a millisecond

struct close_connection {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};
struct finalize_statement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

struct prepared_statement {
  std::unique_ptr<sqlite3_stmt, finalize_statement> handle;
  std::vector<std::size_t> parameters;  // of SQLite's n-th parameter: our index
  std::size_t parameter_count = 0;      // the highest $n
  std::shared_ptr<const std::vector<std::string>> columns;
};

// "users.email, users.name" → {"email", "name"}
std::vector<std::string> columns_in(std::string_view list) {
  std::vector<std::string> columns;
  while (!list.empty()) {
    const auto comma = list.find(", ");
    auto each = list.substr(0, comma);
    if (const auto dot = each.rfind('.'); dot != std::string_view::npos) each.remove_prefix(dot + 1);
    columns.emplace_back(each);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 2);
  }
  return columns;
}

[[noreturn]] void throw_unique_violation(const std::string& message, std::string code) {
  constexpr std::string_view before = "constraint failed: ";
  constexpr std::string_view index = "index '";
  std::string_view rest = message;
  if (const auto at = rest.find(before); at != std::string_view::npos) rest.remove_prefix(at + before.size());
  if (rest.starts_with(index)) {  // of an index on an expression SQLite tells the name only
    rest.remove_prefix(index.size());
    throw unique_violation{message, std::move(code), std::string{rest.substr(0, rest.find('\''))}, {}};
  }
  throw unique_violation{message, std::move(code), std::string{rest}, columns_in(rest)};
}

class sqlite_connection final : public database_connection {
 public:
  sqlite_connection(const std::string& path, const std::string& description, database_backend::role role,
                    std::chrono::milliseconds limit)
      : description_{description}, limit_{limit} {
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(
        path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    handle_.reset(handle);
    if (opened != SQLITE_OK) {
      throw database_error{
          fmt::format("cannot open {}: {}", description_, handle != nullptr ? sqlite3_errmsg(handle) : "no memory"),
          std::to_string(opened)};
    }
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    execute_script(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
    if (role == database_backend::role::read_only) execute_script("PRAGMA query_only = ON");
    sqlite3_progress_handler(handle, steps_between_checks, &out_of_time, this);
  }

  rows execute(const statement_batch& batch) override {
    if (batch.begin != nullptr) run(batch.begin->read_only ? "BEGIN" : "BEGIN IMMEDIATE", {});
    rows last;
    for (const statement& each : batch.statements) {
      try {
        last = run(each.sql, each.parameters);
      } catch (...) {
        batch.ended(each, true);
        throw;
      }
      batch.ended(each, false);
    }
    if (batch.commit) commit();
    return last;
  }

  void execute_script(const std::string& sql) override {
    const time_limit guard{*this};
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }

  void rollback() noexcept override {
    if (sqlite3_get_autocommit(handle_.get()) != 0) return;  // an error may have rolled it back already
    if (sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) broken_ = true;
  }

  bool is_usable() noexcept override { return !broken_; }
  bool is_broken() const noexcept override { return broken_; }
  bool in_transaction() const noexcept override { return sqlite3_get_autocommit(handle_.get()) == 0; }
  void cancel() noexcept override { sqlite3_interrupt(handle_.get()); }

 private:
  rows run(const std::string& sql, const sql_values& parameters) {
    const time_limit guard{*this};
    auto& statement = prepared(sql);
    if (statement.parameter_count != parameters.size()) {
      throw database_error{fmt::format("the statement takes {} parameters, {} were given", statement.parameter_count,
                                       parameters.size())};
    }
    const reset_at_end reset{statement.handle.get()};
    bind(statement, parameters);
    auto data = std::make_shared<result_data>();
    const auto before = sqlite3_total_changes64(handle_.get());
    for (;;) {
      const int step = sqlite3_step(statement.handle.get());
      if (step == SQLITE_DONE) break;
      if (step != SQLITE_ROW) fail();
      // The first step compiles anew after a change of the tables: SELECT * may have other columns then.
      if (data->rows == 0 &&
          sqlite3_column_count(statement.handle.get()) != static_cast<int>(statement.columns->size())) {
        statement.columns = column_names_of(statement.handle.get());
      }
      read_row(statement.handle.get(), *data);
    }
    if (sqlite3_total_changes64(handle_.get()) != before) {
      data->affected = static_cast<std::size_t>(sqlite3_changes64(handle_.get()));
    }
    data->columns = statement.columns;
    return data;
  }

  void commit() {
    try {
      run("COMMIT", {});
    } catch (...) {
      rollback();
      throw;
    }
  }

  using clock = std::chrono::steady_clock;  // real time: it measures what a thread does

  class time_limit {
   public:
    explicit time_limit(sqlite_connection& connection) : connection_{connection} {
      if (connection_.limit_.count() > 0) connection_.stop_at_ = clock::now() + connection_.limit_;
    }
    ~time_limit() { connection_.stop_at_ = clock::time_point::max(); }
    time_limit(const time_limit&) = delete;
    time_limit& operator=(const time_limit&) = delete;

   private:
    sqlite_connection& connection_;
  };

  class reset_at_end {
   public:
    explicit reset_at_end(sqlite3_stmt* statement) : statement_{statement} {}
    ~reset_at_end() {
      sqlite3_reset(statement_);
      sqlite3_clear_bindings(statement_);
    }
    reset_at_end(const reset_at_end&) = delete;
    reset_at_end& operator=(const reset_at_end&) = delete;

   private:
    sqlite3_stmt* statement_;
  };

  static int out_of_time(void* self) {
    const auto stop_at = static_cast<sqlite_connection*>(self)->stop_at_;
    return stop_at != clock::time_point::max() && clock::now() >= stop_at ? 1 : 0;
  }

  [[noreturn]] void fail() {
    const int code = sqlite3_extended_errcode(handle_.get());
    const std::string message = sqlite3_errmsg(handle_.get());
    auto code_text = std::to_string(code);
    switch (code) {
      case SQLITE_CONSTRAINT_UNIQUE:
      case SQLITE_CONSTRAINT_PRIMARYKEY:
      case SQLITE_CONSTRAINT_ROWID: throw_unique_violation(message, std::move(code_text));
      case SQLITE_CONSTRAINT_FOREIGNKEY: throw foreign_key_violation{message, std::move(code_text), {}};
      case SQLITE_BUSY_SNAPSHOT: throw serialization_failure{message, std::move(code_text)};
      default: break;
    }
    switch (code & 0xFF) {
      case SQLITE_INTERRUPT:
        throw statement_timeout{fmt::format("the statement was cancelled after {} ms", limit_.count()),
                                std::move(code_text)};
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw database_unavailable{
            fmt::format("{} is locked by another process since {} ms", description_, busy_timeout_ms),
            std::move(code_text)};
      case SQLITE_FULL: throw database_unavailable{fmt::format("{}: {}", description_, message), std::move(code_text)};
      case SQLITE_IOERR:
      case SQLITE_CANTOPEN:
        broken_ = true;
        throw database_unavailable{fmt::format("{}: {}", description_, message), std::move(code_text)};
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        broken_ = true;
        throw database_error{fmt::format("{}: {}", description_, message), std::move(code_text)};
      default: throw database_error{message, std::move(code_text)};
    }
  }

  prepared_statement& prepared(const std::string& sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
    sqlite3_stmt* handle = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v3(handle_.get(), sql.c_str(), static_cast<int>(sql.size() + 1), SQLITE_PREPARE_PERSISTENT,
                           &handle, &rest) != SQLITE_OK) {
      fail();
    }
    prepared_statement statement;
    statement.handle.reset(handle);
    if (handle == nullptr) throw database_error{"the statement is empty"};
    if (std::string_view{rest}.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
      throw database_error{"more than one statement was given; execute them one by one, or as a script"};
    }
    for (int i = 1; i <= sqlite3_bind_parameter_count(handle); ++i)
      statement.parameters.push_back(parameter_index(handle, i));
    for (const auto index : statement.parameters)
      statement.parameter_count = std::max(statement.parameter_count, index + 1);
    statement.columns = column_names_of(handle);
    if (statements_.size() >= statement_cache_size) statements_.clear();
    return statements_.emplace(sql, std::move(statement)).first->second;
  }

  static std::shared_ptr<const std::vector<std::string>> column_names_of(sqlite3_stmt* statement) {
    auto columns = std::make_shared<std::vector<std::string>>();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) columns->emplace_back(sqlite3_column_name(statement, i));
    return columns;
  }

  // "$2" and "?2" are our second; SQLite itself numbers "$n" by first appearance.
  static std::size_t parameter_index(sqlite3_stmt* statement, int position) {
    const char* name = sqlite3_bind_parameter_name(statement, position);
    std::size_t number = 0;
    if (name != nullptr) {
      const std::string_view digits = std::string_view{name}.substr(1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (error != std::errc{} || end != digits.data() + digits.size()) number = 0;
    }
    if (number == 0) throw database_error{"parameters are written $1, $2 and so on"};
    return number - 1;
  }

  void bind(const prepared_statement& statement, const sql_values& parameters) {
    auto* handle = statement.handle.get();
    for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
      const int at = static_cast<int>(i + 1);
      const auto text = [&](std::string_view v, sqlite3_destructor_type lifetime) {
        return sqlite3_bind_text64(handle, at, v.data(), v.size(), lifetime, SQLITE_UTF8);
      };
      const auto index = statement.parameters[i];
      const int bound = std::visit(
          [&](const auto& v) {
            using type = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<type, std::monostate>) {
              return sqlite3_bind_null(handle, at);
            } else if constexpr (std::is_same_v<type, bool> || std::is_same_v<type, std::int64_t>) {
              return sqlite3_bind_int64(handle, at, static_cast<std::int64_t>(v));
            } else if constexpr (std::is_same_v<type, double>) {
              if (std::isnan(v))
                throw database_error{
                    fmt::format("parameter ${} is not a number (NaN), which SQLite cannot store", index + 1)};
              return sqlite3_bind_double(handle, at, v);
            } else if constexpr (std::is_same_v<type, std::string>) {
              return text(v, SQLITE_STATIC);  // the parameters outlive the statement's run
            } else if constexpr (std::is_same_v<type, uuid>) {
              return text(v.to_string(), SQLITE_TRANSIENT);
            } else if constexpr (std::is_same_v<type, sql_array>) {
              return text(to_json_array(v), SQLITE_TRANSIENT);
            } else {
              return text(v.to_iso8601(), SQLITE_TRANSIENT);
            }
          },
          parameters[index].data());
      if (bound != SQLITE_OK) fail();
    }
  }

  static void read_row(sqlite3_stmt* statement, result_data& data) {
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) {
      switch (sqlite3_column_type(statement, i)) {
        case SQLITE_NULL: data.add_null(); break;
        case SQLITE_INTEGER: data.add_integer(sqlite3_column_int64(statement, i)); break;
        case SQLITE_FLOAT: data.add_real(sqlite3_column_double(statement, i)); break;
        default: {
          const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
          data.add_text({bytes != nullptr ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, i))});
        }
      }
    }
    ++data.rows;
  }

  const std::string& description_;
  const std::chrono::milliseconds limit_;
  clock::time_point stop_at_ = clock::time_point::max();
  bool broken_ = false;
  std::unique_ptr<sqlite3, close_connection> handle_;
  std::unordered_map<std::string, prepared_statement> statements_;  // goes before the connection
};

class sqlite_backend final : public database_backend {
 public:
  explicit sqlite_backend(const database_options& options)
      : path_{options.path},
        description_{"SQLite " + options.path},
        limit_{options.statement_timeout},
        // What lives in memory belongs to one connection.
        readers_{options.path == ":memory:" || options.pool_size <= 1 ? 0 : options.pool_size - 1} {}

  std::unique_ptr<database_connection> open(role wanted) override {
    const auto folder = std::filesystem::path{path_}.parent_path();
    std::error_code error;
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error)
      throw database_error{
          fmt::format("cannot make the folder {} of {}: {}", folder.string(), description_, error.message())};
    return std::make_unique<sqlite_connection>(path_, description_, wanted, limit_);
  }

  std::size_t writers() const noexcept override { return 1; }
  std::size_t readers() const noexcept override { return readers_; }
  bool is_local() const noexcept override { return true; }
  const std::string& description() const noexcept override { return description_; }
  database_driver driver() const noexcept override { return database_driver::sqlite; }

 private:
  std::string path_;
  std::string description_;
  std::chrono::milliseconds limit_;
  std::size_t readers_;
};

}  // namespace

std::unique_ptr<database_backend> make_sqlite_backend(const database_options& options) {
  return std::make_unique<sqlite_backend>(options);
}

}  // namespace nestcpp::detail
