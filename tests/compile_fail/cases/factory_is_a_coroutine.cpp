// expected: nestcpp: factories run before the event loops; do asynchronous work in on_module_init
#include <nestcpp/nestcpp.hpp>

namespace factory_is_a_coroutine {

struct Clock {};
struct UsersModule : nestcpp::module {
#ifdef FIXED
  UsersModule() {
    provide_factory<Clock>([] { return Clock{}; });
  }
#else
  UsersModule() {
    provide_factory<Clock>([]() -> nestcpp::task<Clock> { co_return Clock{}; });
  }
#endif
};

}  // namespace factory_is_a_coroutine
