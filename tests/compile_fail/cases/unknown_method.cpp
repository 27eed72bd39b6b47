// expected: nestcpp: fnid: the class has no method of this name, or several
#include <nestcpp/nestcpp.hpp>

namespace unknown_method {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_GET(find, "/");
#else
  NEST_GET(fnid, "/");
#endif
  int find() { return 1; }
};

}  // namespace unknown_method
