// expected: nestcpp: craete: the class has no method of this name, or several
#include <nestcpp/nestcpp.hpp>

namespace unknown_message_method {

using create = nestcpp::message<"create", int, int>;
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_MESSAGE_PATTERN(create_user, create);
#else
  NEST_MESSAGE_PATTERN(craete, create);
#endif
  int create_user(int id) { return id; }
};

}  // namespace unknown_message_method
