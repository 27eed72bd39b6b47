// expected: nestcpp: use_filters<…>: derive each class from nestcpp::exception_filter
#include <nestcpp/nestcpp.hpp>

namespace no_filter {

#ifdef FIXED
class Mine : public nestcpp::exception_filter {
 public:
  nestcpp::error_response catch_exception(const std::exception&, nestcpp::execution_context&) override { return {}; }
};
#else
class Mine {};
#endif
class Users {
  NEST_CONTROLLER(Users, "/users", use_filters<Mine>());

 public:
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace no_filter
