// expected: nestcpp: imports.. takes modules by value: imports.DatabaseModule.….., or std::move what has a name
#include <nestcpp/nestcpp.hpp>

namespace import_by_name {

struct DatabaseModule : nestcpp::module {};
struct UsersModule : nestcpp::module {
  UsersModule() {
    DatabaseModule database;
#ifdef FIXED
    imports(std::move(database));
#else
    imports(database);
#endif
  }
};

}  // namespace import_by_name
