// expected: nestcpp: use_global_….object. takes an object that outlives the application, by reference, or a
// std::unique_ptr
#include <nestcpp/nestcpp.hpp>

namespace global_object_by_value {

class Open : public nestcpp::plain_guard {
 public:
  bool can_activate_now(nestcpp::execution_context&) override { return true; }
};
void set_up(nestcpp::application& app) {
#ifdef FIXED
  app.use_global_guards(std::make_unique<Open>());
#else
  app.use_global_guards(Open{});
#endif
}

}  // namespace global_object_by_value
