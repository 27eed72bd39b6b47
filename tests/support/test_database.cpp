#include "support/test_database.hpp"

#include "support/files.hpp"

#include <pqxx/pqxx>
#include <sqlite3.h>

#include <random>
#include <stdexcept>
#include <utility>

namespace support {

namespace {

class sqlite_database final : public test_database {
 public:
  explicit sqlite_database(std::filesystem::path directory) : directory_{std::move(directory)} {}

  [[nodiscard]] environment variables(std::string_view service) const override {
    return {{"DB_TYPE", "sqlite"}, {"DB_PATH", file_of(service).string()}};
  }

  table query(std::string_view service, const std::string& sql) override {
    sqlite3* opened = nullptr;
    const int status = sqlite3_open_v2(file_of(service).c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db{opened, &sqlite3_close};
    if (status != SQLITE_OK) throw std::runtime_error{file_of(service).string() + ": " + sqlite3_errmsg(opened)};
    sqlite3_busy_timeout(opened, 10'000);

    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
      throw std::runtime_error{sql + ": " + sqlite3_errmsg(opened)};
    }
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement{prepared, &sqlite3_finalize};
    table rows;
    for (;;) {
      const int step = sqlite3_step(prepared);
      if (step == SQLITE_DONE) return rows;
      if (step != SQLITE_ROW) throw std::runtime_error{sql + ": " + sqlite3_errmsg(opened)};
      auto& row = rows.emplace_back();
      for (int column = 0; column < sqlite3_column_count(prepared); ++column) {
        const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, column));
        row.push_back(text ? std::optional<std::string>{text} : std::nullopt);
      }
    }
  }

  std::string dump(std::string_view service) override {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator{directory_}) {
      if (entry.path().filename().string().starts_with(file_of(service).filename().string())) {
        bytes += read_file(entry.path());
      }
    }
    return bytes;
  }

 private:
  [[nodiscard]] std::filesystem::path file_of(std::string_view service) const {
    return directory_ / (std::string{service} + ".sqlite3");
  }

  std::filesystem::path directory_;
};

class postgres_database final : public test_database {
 public:
  explicit postgres_database(postgres_address server) : server_{std::move(server)}, own_{server_} {
    own_.database = "nestcpp_test_" + std::to_string(std::random_device{}()) + std::to_string(std::random_device{}());
    run(server_, "CREATE DATABASE " + own_.database);
  }
  ~postgres_database() override {
    try {
      run(server_, "DROP DATABASE " + own_.database + " WITH (FORCE)");
    } catch (const std::exception&) {
      // the server went with the test, or goes with it
    }
  }

  [[nodiscard]] environment variables(std::string_view) const override {
    // DB_TYPE follows from DB_HOST.
    return {{"DB_HOST", own_.host},
            {"DB_PORT", own_.port},
            {"DB_USERNAME", own_.user},
            {"DB_PASSWORD", own_.password},
            {"DB_NAME", own_.database}};
  }

  table query(std::string_view, const std::string& sql) override { return run(own_, sql); }

  std::string dump(std::string_view service) override {
    std::string text;
    for (const auto& name :
         query(service, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")) {
      for (const auto& row : query(service, "SELECT t::text FROM \"" + *name[0] + "\" t")) text += *row[0] + "\n";
    }
    return text;
  }

 private:
  static table run(const postgres_address& where, const std::string& sql) {
    pqxx::connection connection{where.connection_text()};
    pqxx::nontransaction work{connection};
    table rows;
    for (const auto& found : work.exec(sql)) {
      auto& row = rows.emplace_back();
      for (const auto& field : found) {
        row.push_back(field.is_null() ? std::nullopt : std::optional<std::string>{field.c_str()});
      }
    }
    return rows;
  }

  postgres_address server_, own_;
};

}  // namespace

std::string_view name_of(backend kind) { return kind == backend::sqlite ? "sqlite" : "postgres"; }

std::string test_database::value(std::string_view service, const std::string& sql) {
  const table rows = query(service, sql);
  if (rows.empty() || rows[0].empty() || !rows[0][0]) throw std::runtime_error{"no value: " + sql};
  return *rows[0][0];
}

std::unique_ptr<test_database> make_sqlite_database(std::filesystem::path directory) {
  return std::make_unique<sqlite_database>(std::move(directory));
}

std::unique_ptr<test_database> make_postgres_database(postgres_address server) {
  return std::make_unique<postgres_database>(std::move(server));
}

}  // namespace support
