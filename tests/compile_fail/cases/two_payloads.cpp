// expected: nestcpp: create: parameters of a message handler are payload<>.*at most one payload
#include <nestcpp/nestcpp.hpp>

namespace two_payloads {

using create_user = nestcpp::message<"user.create", int, int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_MESSAGE_PATTERN(create, create_user);
#ifdef FIXED
  int create(int first, nestcpp::rpc_context& context) { return first + static_cast<int>(context.is_request()); }
#else
  int create(int first, int second) { return first + second; }
#endif
};

}  // namespace two_payloads
