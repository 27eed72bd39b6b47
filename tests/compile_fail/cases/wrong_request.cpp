// expected: nestcpp: get: the payload parameter is not the request of get_user
#include <nestcpp/nestcpp.hpp>

namespace wrong_request {

using get_user = nestcpp::message<"user.get", int, int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_MESSAGE_PATTERN(get, get_user);
#ifdef FIXED
  int get(int id) { return id; }
#else
  int get(std::string id) { return static_cast<int>(id.size()); }
#endif
};

}  // namespace wrong_request
