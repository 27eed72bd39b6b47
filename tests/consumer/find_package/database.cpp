// An outside project that uses the database component alone.
#include <nestcpp/database/database.hpp>

#include <nestcpp/core/runtime.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>

namespace nest = nestcpp;

nest::task<std::size_t> count_rows(nest::database& db) {
  co_await db.execute("CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY)");
  co_await db.execute("INSERT INTO things (name) VALUES ($1) ON CONFLICT DO NOTHING", "spoon");
  const auto rows = co_await db.execute("SELECT name FROM things");
  co_return rows.size();
}

int main() {
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  const auto db = nest::make_database(loops, {.path = "consumer.sqlite3"});
  const std::size_t rows =
      boost::asio::co_spawn(loops.loop(0).executor(), count_rows(*db), boost::asio::use_future).get();
  std::printf("%s: %zu\n", db->description().c_str(), rows);
  return rows == 1 ? 0 : 1;
}
