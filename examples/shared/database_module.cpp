#include "shared/database_module.hpp"

#include <nestcpp/core/with_deadline.hpp>

#include <chrono>
#include <exception>

nest::task<void> DatabaseLifecycle::on_module_init() {
  health_.add("database", [this] { return check(); });
  co_await db_.connect();
  co_await nest::migrate(db_, migrations_.table, migrations_.changes);
}

nest::task<nest::indicator_result> DatabaseLifecycle::check() {
  try {
    co_await nest::with_deadline(db_.ping(), nest::deadline::after(std::chrono::seconds{2}));
    co_return nest::indicator_result::up();
  } catch (const std::exception& error) {
    co_return nest::indicator_result::down(error.what());
  }
}
