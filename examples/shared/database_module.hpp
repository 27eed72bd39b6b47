#pragma once

#include "shared/nest.hpp"

#include <nestcpp/database/database.hpp>
#include <nestcpp/database/migrations.hpp>
#include <nestcpp/module/module.hpp>
#include <nestcpp/observability/health.hpp>
#include <nestcpp/observability/metrics_registry.hpp>

#include <string>
#include <vector>

/// A service's tables, and the table that lists which changes have been made to them.
struct Migrations {
  std::string table;
  std::vector<nest::migration> changes;
};

/// Reaches the database and brings its tables up to date before anything else starts, and closes it after all else.
class DatabaseLifecycle {
 public:
  DatabaseLifecycle(nest::database& db, const Migrations& migrations, nest::health_check& health,
                    nest::metrics_registry& metrics)
      : db_{db}, migrations_{migrations}, health_{health} {
    metrics.collect([&db] { return db.metrics(); });
  }

  nest::task<void> on_module_init();
  nest::task<void> on_application_shutdown() { return db_.close(); }

 private:
  nest::task<nest::indicator_result> check();

  nest::database& db_;
  const Migrations& migrations_;
  nest::health_check& health_;
};

/// A service's database.
struct DatabaseModule : nest::module {
  DatabaseModule(const nest::database_options& options, const Migrations& migrations) {
    provide_factory<nest::database>([options](nest::runtime& loops) { return nest::make_database(loops, options); });
    provide_value(migrations);
    provide<DatabaseLifecycle>();
    exports<nest::database>();
  }
};
