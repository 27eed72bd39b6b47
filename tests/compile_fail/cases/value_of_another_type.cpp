// expected: nestcpp: the object is not a .non-const. Token, nor derived from it
#include <nestcpp/nestcpp.hpp>

namespace value_of_another_type {

struct Clock {
  virtual ~Clock() = default;
  virtual int now() = 0;
};
#ifdef FIXED
struct SystemClock : Clock {
  int now() override { return 1; }
};
#else
struct SystemClock {
  int now() { return 1; }
};
#endif
struct UsersModule : nestcpp::module {
  UsersModule() { provide_value<Clock>(std::make_unique<SystemClock>()); }
};

}  // namespace value_of_another_type
