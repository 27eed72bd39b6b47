// expected: nestcpp: get: options of a message handler are use_guards
#include <nestcpp/nestcpp.hpp>

namespace http_code_of_a_message {

using get_user = nestcpp::message<"user.get", int, int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
#ifdef FIXED
  NEST_MESSAGE_PATTERN(get, get_user);
#else
  NEST_MESSAGE_PATTERN(get, get_user, nestcpp::http_code(202));
#endif
  int get(int id) { return id; }
};

}  // namespace http_code_of_a_message
