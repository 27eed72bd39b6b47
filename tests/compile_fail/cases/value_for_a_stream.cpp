// expected: nestcpp: watch: the return type is not the reply of watch_users
#include <nestcpp/nestcpp.hpp>

namespace value_for_a_stream {

using watch_users = nestcpp::message<"users.watch", int, nestcpp::stream<int>>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_MESSAGE_PATTERN(watch, watch_users);
#ifdef FIXED
  nestcpp::stream<int> watch(int from) { co_yield from; }
#else
  int watch(int from) { return from; }
#endif
};

}  // namespace value_for_a_stream
