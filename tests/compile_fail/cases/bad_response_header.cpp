// expected: nestcpp: show: .*response_header.name, value. a name of letters, digits and dashes
#include <nestcpp/nestcpp.hpp>

namespace bad_response_header {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_GET(show, "/", response_header("Cache-Control", "no-store"));
#else
  NEST_GET(show, "/", response_header("Cache Control", "no-store"));
#endif
  int show() { return 1; }
};

}  // namespace bad_response_header
