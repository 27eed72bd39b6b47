// expected: nestcpp: use_guards<…>: derive each class from nestcpp::guard
#include <nestcpp/nestcpp.hpp>

namespace no_guard {

#ifdef FIXED
class Mine : public nestcpp::plain_guard {
 public:
  bool can_activate_now(nestcpp::execution_context&) override { return true; }
};
#else
class Mine {};
#endif
class Users {
  NEST_CONTROLLER(Users, "/users", use_guards<Mine>());

 public:
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace no_guard
