// expected: nestcpp: say what it is provided as: provide_value<Interface>
#include <nestcpp/nestcpp.hpp>

namespace unnamed_pointer_value {

struct Clock {};
struct UsersModule : nestcpp::module {
#ifdef FIXED
  UsersModule() { provide_value<Clock>(std::make_unique<Clock>()); }
#else
  UsersModule() { provide_value(std::make_unique<Clock>()); }
#endif
};

}  // namespace unnamed_pointer_value
