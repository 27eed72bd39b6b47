// expected: nestcpp: use_interceptors<…>: derive each class from nestcpp::interceptor
#include <nestcpp/nestcpp.hpp>

namespace no_interceptor {

#ifdef FIXED
class Mine : public nestcpp::observer {
 public:
  void after(nestcpp::execution_context&, const nestcpp::outcome&) noexcept override {}
};
#else
class Mine {};
#endif
class Users {
  NEST_CONTROLLER(Users, "/users", use_interceptors<Mine>());

 public:
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace no_interceptor
