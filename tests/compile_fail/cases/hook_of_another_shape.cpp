// expected: on_module_init.*is no lifecycle hook|nestcpp: .*hook: make it a public member
#include <nestcpp/nestcpp.hpp>

namespace hook_of_another_shape {

class Users {
 public:
#ifdef FIXED
  void on_module_init() {}
#else
  void on_module_init(int wait) { static_cast<void>(wait); }
#endif
};
struct UsersModule : nestcpp::module {
  UsersModule() { provide<Users>(); }
};

}  // namespace hook_of_another_shape
