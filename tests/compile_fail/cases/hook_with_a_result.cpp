// expected: nestcpp: a lifecycle hook returns void or nestcpp::task<>
#include <nestcpp/nestcpp.hpp>

namespace hook_with_a_result {

class Users {
 public:
#ifdef FIXED
  void on_module_init() {}
#else
  bool on_module_init() { return true; }
#endif
};
struct UsersModule : nestcpp::module {
  UsersModule() { provide<Users>(); }
};

}  // namespace hook_with_a_result
