// expected: nestcpp: a controller takes one prefix.*http_code.…. and response_header.…. are a route.s
#include <nestcpp/nestcpp.hpp>

namespace http_code_of_a_controller {

class Users {
#ifdef FIXED
  NEST_CONTROLLER(Users, "/users");
#else
  NEST_CONTROLLER(Users, "/users", nestcpp::http_code(201));
#endif

 public:
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace http_code_of_a_controller
