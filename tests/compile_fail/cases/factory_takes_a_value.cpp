// expected: nestcpp: a factory.s parameters are T& or const T& .providers., T. .a provider, or null., named<.*>,
// container& or module_ref&
#include <nestcpp/nestcpp.hpp>

namespace factory_takes_a_value {

struct Settings {};
struct Clock {};
struct UsersModule : nestcpp::module {
#ifdef FIXED
  UsersModule() {
    provide_factory<Clock>([](const Settings&) { return Clock{}; });
  }
#else
  UsersModule() {
    provide_factory<Clock>([](Settings) { return Clock{}; });
  }
#endif
};

}  // namespace factory_takes_a_value
