// expected: nestcpp: app_guard<G>: derive G from nestcpp::guard
#include <nestcpp/nestcpp.hpp>

namespace app_guard_is_none {

class Open
#ifdef FIXED
    : public nestcpp::plain_guard {
 public:
  bool can_activate_now(nestcpp::execution_context&) override { return true; }
};
#else
{
};
#endif
struct AuthModule : nestcpp::module {
  AuthModule() { provide<nestcpp::app_guard<Open>>(); }
};

}  // namespace app_guard_is_none
