#pragma once
// What the database tests share: a fixture that runs each test on SQLite and on PostgreSQL, each with a database of its
// own.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/database/database.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace nestcpp::test {

using namespace std::chrono_literals;

/// `host=… port=… user=… password=… dbname=…`
inline database_options parse_postgres_options(const std::string& text) {
  database_options options;
  options.driver = database_driver::postgres;
  std::istringstream words{text};
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto setting = word.substr(equals + 1);
    if (name == "host") options.host = setting;
    if (name == "port") options.port = static_cast<std::uint16_t>(std::stoi(setting));
    if (name == "user") options.username = setting;
    if (name == "password") options.password = setting;
    if (name == "dbname") options.name = setting;
  }
  return options;
}

class temporary_folder {
 public:
  temporary_folder() : path_{std::filesystem::temp_directory_path() / ("nestcpp-test-" + uuid::v4().to_string())} {
    std::filesystem::create_directories(path_);
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Loops, and a way to wait for a task from the test's thread. A task that hangs fails the test.
class loops {
 public:
  loops() : runtime_{runtime_options{.io_threads = 2}} { runtime_.start(); }

  [[nodiscard]] runtime& get() { return runtime_; }

  template <class T>
  T run(task<T> work) {
    auto result = start(std::move(work));
    if (result.wait_for(60s) != std::future_status::ready) {
      ADD_FAILURE() << "the task hangs";
      std::abort();
    }
    return result.get();
  }
  template <class T>
  std::future<T> start(task<T> work) {
    return boost::asio::co_spawn(runtime_.next_loop().executor(), std::move(work), boost::asio::use_future);
  }

 private:
  runtime runtime_;
};

inline task<void> sleep_for(std::chrono::milliseconds wait) {
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, wait};
  co_await timer.async_wait(boost::asio::use_awaitable);
}

/// The message of the exception that `call` throws as an E.
template <class E, class F>
std::string message_of(F call) {
  try {
    call();
  } catch (const E& expected) {
    return expected.what();
  } catch (const std::exception& other) {
    ADD_FAILURE() << "another exception: " << other.what();
    return {};
  }
  ADD_FAILURE() << "no exception";
  return {};
}

class database_test : public testing::TestWithParam<database_driver> {
 protected:
  void SetUp() override {
    if (is_postgres()) {
      const char* server = std::getenv("NESTCPP_TEST_PG");
      if (server == nullptr || *server == '\0')
        GTEST_SKIP() << "NESTCPP_TEST_PG names no PostgreSQL (scripts/test starts one)";
      server_ = parse_postgres_options(server);
      name_ = "test_" + uuid::v4().to_string();
      std::replace(name_.begin(), name_.end(), '-', '_');
      on_server("CREATE DATABASE " + name_);
    }
  }
  void TearDown() override {
    databases_.clear();
    if (!name_.empty()) on_server("DROP DATABASE " + name_ + " WITH (FORCE)");
  }

  [[nodiscard]] static bool is_postgres() { return GetParam() == database_driver::postgres; }

  [[nodiscard]] database_options options() const {
    database_options result = server_;
    result.driver = GetParam();
    result.pool_size = 4;
    if (is_postgres()) {
      result.name = name_;
    } else {
      result.path = (folder_.path() / "made/by/connect.sqlite3").string();
    }
    return result;
  }

  /// Another pool on this test's database, as another process would have it.
  database& open(database_options wanted) {
    databases_.push_back(make_database(loops_.get(), std::move(wanted)));
    loops_.run(databases_.back()->connect());
    return *databases_.back();
  }
  database& open() { return open(options()); }
  database& db() {
    if (databases_.empty()) open();
    return *databases_.front();
  }

  template <class T>
  T run(task<T> work) {
    return loops_.run(std::move(work));
  }
  template <class... P>
  result_set execute(std::string sql, P&&... parameters) {
    return run(db().execute(std::move(sql), std::forward<P>(parameters)...));
  }

  /// The type names of this test's database.
  [[nodiscard]] static std::string ddl(std::string text) {
    const auto replace = [&](const std::string& from, const std::string& to) {
      for (auto at = text.find(from); at != std::string::npos; at = text.find(from)) text.replace(at, from.size(), to);
    };
    replace("{uuid}", is_postgres() ? "uuid" : "text");
    replace("{time}", is_postgres() ? "timestamptz" : "text");
    replace("{bool}", is_postgres() ? "boolean" : "integer");
    replace("{real}", is_postgres() ? "double precision" : "real");
    return text;
  }

  loops loops_;

 private:
  void on_server(const std::string& sql) {
    const auto admin = make_database(loops_.get(), server_);
    loops_.run(admin->execute(sql));
  }

  temporary_folder folder_;
  database_options server_;
  std::string name_;
  std::vector<std::unique_ptr<database>> databases_;
};

inline std::string driver_name(const testing::TestParamInfo<database_driver>& info) {
  return info.param == database_driver::postgres ? "postgres" : "sqlite";
}

}  // namespace nestcpp::test

/// Instantiates a suite derived from database_test for both drivers.
#define NESTCPP_ON_BOTH_DRIVERS(suite)                                                                                \
  INSTANTIATE_TEST_SUITE_P(on, suite,                                                                                 \
                           testing::Values(::nestcpp::database_driver::sqlite, ::nestcpp::database_driver::postgres), \
                           ::nestcpp::test::driver_name)
