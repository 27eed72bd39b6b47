// expected: nestcpp: use_global_guards<…>.. takes classes derived from nest::guard
#include <nestcpp/nestcpp.hpp>

namespace global_guard_is_none {

class Open : public nestcpp::plain_guard {
 public:
  bool can_activate_now(nestcpp::execution_context&) override { return true; }
};
class Logging : public nestcpp::observer {
 public:
  void after(nestcpp::execution_context&, const nestcpp::outcome&) noexcept override {}
};
void set_up(nestcpp::application& app) {
#ifdef FIXED
  app.use_global_guards<Open>();
  app.use_global_interceptors<Logging>();
#else
  app.use_global_guards<Logging>();
#endif
}

}  // namespace global_guard_is_none
