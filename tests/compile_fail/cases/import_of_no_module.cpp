// expected: nestcpp: imports.. takes modules: objects of classes derived from nest::module
#include <nestcpp/nestcpp.hpp>

namespace import_of_no_module {

#ifdef FIXED
struct DatabaseModule : nestcpp::module {};
#else
struct DatabaseModule {};
#endif
struct UsersModule : nestcpp::module {
  UsersModule() { imports(DatabaseModule{}); }
};

}  // namespace import_of_no_module
