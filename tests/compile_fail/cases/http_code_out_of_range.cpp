// expected: nestcpp: create: http_code.…. takes a status from 200 to 599
#include <nestcpp/nestcpp.hpp>

namespace http_code_out_of_range {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_POST(create, "/", http_code(202));
#else
  NEST_POST(create, "/", http_code(20));
#endif
  int create() { return 1; }
};

}  // namespace http_code_out_of_range
