// expected: nestcpp: a controller needs NEST_CONTROLLER.Type, "/prefix". in its class, or a
// nestcpp::controller_table<Type>
#include <nestcpp/nestcpp.hpp>

namespace no_controller {

class Users {
#ifdef FIXED
  NEST_CONTROLLER(Users, "/users");
#endif

 public:
  int show() { return 1; }
};
struct UsersModule : nestcpp::module {
  UsersModule() { controllers<Users>(); }
};

}  // namespace no_controller
