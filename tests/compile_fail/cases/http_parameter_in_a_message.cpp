// expected: nestcpp: get: parameters of a message handler are payload<>
#include <nestcpp/nestcpp.hpp>

namespace http_parameter_in_a_message {

using get_user = nestcpp::message<"user.get", int, std::string>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_MESSAGE_PATTERN(get, get_user);
#ifdef FIXED
  std::string get(nestcpp::call_request_id id) { return id.value; }
#else
  std::string get(nestcpp::caller_ip ip) { return ip.value; }
#endif
};

}  // namespace http_parameter_in_a_message
