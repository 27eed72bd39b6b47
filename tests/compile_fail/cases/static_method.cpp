// expected: nestcpp: ping: a handler is a member function, not static
#include <nestcpp/nestcpp.hpp>

namespace static_method {

class Health {
  NEST_CONTROLLER(Health, "/health");

 public:
  NEST_GET(ping, "/");
#ifdef FIXED
  int ping() { return 1; }
#else
  static int ping() { return 1; }
#endif
};

}  // namespace static_method
