// expected: nestcpp: NEST_CONTROLLER.Users.: name the class that it stands in, which is another one
#include <nestcpp/nestcpp.hpp>

namespace controller_of_another_class {

class Users {
  NEST_CONTROLLER(Users, "/users");
};
class Orders {
#ifdef FIXED
  NEST_CONTROLLER(Orders, "/orders");
#else
  NEST_CONTROLLER(Users, "/orders");
#endif

 public:
  NEST_GET(list, "/");
  int list() { return 1; }
};

}  // namespace controller_of_another_class
