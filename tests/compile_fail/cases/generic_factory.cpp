// expected: nestcpp: a factory is a function or a lambda whose parameters have written-out types
#include <nestcpp/nestcpp.hpp>

namespace generic_factory {

struct Settings {};
struct Clock {};
struct UsersModule : nestcpp::module {
#ifdef FIXED
  UsersModule() {
    provide_factory<Clock>([](Settings&) { return Clock{}; });
  }
#else
  UsersModule() {
    provide_factory<Clock>([](auto&) { return Clock{}; });
  }
#endif
};

}  // namespace generic_factory
