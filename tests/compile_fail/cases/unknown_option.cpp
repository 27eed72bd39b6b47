// expected: nestcpp: show: options of a route are use_guards
#include <nestcpp/nestcpp.hpp>

namespace unknown_option {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_GET(show, "/", http_code(204));
#else
  NEST_GET(show, "/", 204);
#endif
  void show() {}
};

}  // namespace unknown_option
