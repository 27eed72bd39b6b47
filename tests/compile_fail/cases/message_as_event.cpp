// expected: nestcpp: get: get_user is a message; write NEST_MESSAGE_PATTERN
#include <nestcpp/nestcpp.hpp>

namespace message_as_event {

using get_user = nestcpp::message<"user.get", int, int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
#ifdef FIXED
  NEST_MESSAGE_PATTERN(get, get_user);
#else
  NEST_EVENT_PATTERN(get, get_user);
#endif
  int get(int id) { return id; }
};

}  // namespace message_as_event
