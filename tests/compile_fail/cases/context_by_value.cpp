// expected: nestcpp: show: parameters are path<>.*contexts .by reference.
#include <nestcpp/nestcpp.hpp>

namespace context_by_value {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_GET(show, "/");
#ifdef FIXED
  std::string show(nestcpp::http_context& context) { return context.request().target(); }
#else
  std::string show(const nestcpp::http_context&& context) { return context.request().target(); }
#endif
};

}  // namespace context_by_value
