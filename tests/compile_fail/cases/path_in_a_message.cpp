// expected: nestcpp: get: parameters of a message handler are payload<>.*path<>, query<> and header<> are HTTP.s
#include <nestcpp/nestcpp.hpp>

namespace path_in_a_message {

using get_user = nestcpp::message<"user.get", int, int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_MESSAGE_PATTERN(get, get_user);
#ifdef FIXED
  int get(nestcpp::payload<"id", int> id) { return *id; }
#else
  int get(nestcpp::path<"id", int> id) { return *id; }
#endif
};

}  // namespace path_in_a_message
