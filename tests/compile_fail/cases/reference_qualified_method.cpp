// expected: nestcpp: ping: a handler is a member function, not static, without & or volatile
#include <nestcpp/nestcpp.hpp>

namespace reference_qualified_method {

class Health {
  NEST_CONTROLLER(Health, "/health");

 public:
  NEST_GET(ping, "/");
#ifdef FIXED
  int ping() { return 1; }
#else
  int ping() & { return 1; }
#endif
};

}  // namespace reference_qualified_method
