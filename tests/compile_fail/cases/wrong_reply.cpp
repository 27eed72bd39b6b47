// expected: nestcpp: get: the return type is not the reply of get_user; return that type, or a task<> of it
#include <nestcpp/nestcpp.hpp>

namespace wrong_reply {

using get_user = nestcpp::message<"user.get", int, std::string>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_MESSAGE_PATTERN(get, get_user);
#ifdef FIXED
  nestcpp::task<std::string> get(int id) { co_return std::to_string(id); }
#else
  nestcpp::task<int> get(int id) { co_return id; }
#endif
};

}  // namespace wrong_reply
