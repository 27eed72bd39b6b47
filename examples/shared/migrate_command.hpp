#pragma once

#include "shared/database_module.hpp"
#include "shared/settings.hpp"

/// `<service> migrate …` in place of serving. @return the exit status: 0, 1 where it failed, 2 for words that are not
/// known
int run_migrate_command(const Settings& settings, const Migrations& migrations);
