// expected: nestcpp: a controller takes one prefix, a text, and then options
#include <nestcpp/nestcpp.hpp>

namespace second_prefix {

class Users {
#ifdef FIXED
  NEST_CONTROLLER(Users, "/api/users");
#else
  NEST_CONTROLLER(Users, "/api", "/users");
#endif

 public:
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace second_prefix
