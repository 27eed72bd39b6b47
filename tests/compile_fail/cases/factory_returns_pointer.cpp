// expected: nestcpp: return a std::unique_ptr or a value .owned by the container., or a reference
#include <nestcpp/nestcpp.hpp>

namespace factory_returns_pointer {

struct Clock {};
struct UsersModule : nestcpp::module {
#ifdef FIXED
  UsersModule() {
    provide_factory<Clock>([] { return std::make_unique<Clock>(); });
  }
#else
  UsersModule() {
    provide_factory<Clock>([] { return new Clock; });
  }
#endif
};

}  // namespace factory_returns_pointer
