// expected: nestcpp: use_pipes<…>: derive each class from nestcpp::pipe.T.
#include <nestcpp/nestcpp.hpp>

namespace no_pipe {

#ifdef FIXED
class Mine : public nestcpp::pipe<int> {
 public:
  int transform(int value, const nestcpp::argument_metadata&) override { return value; }
};
#else
class Mine {};
#endif
class Users {
  NEST_CONTROLLER(Users, "/users", use_pipes<Mine>());

 public:
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace no_pipe
