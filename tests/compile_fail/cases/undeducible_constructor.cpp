// expected: nestcpp: the container cannot deduce this class.s constructor
#include <nestcpp/nestcpp.hpp>

namespace undeducible_constructor {

struct Settings {};
class Users {
 public:
#ifdef FIXED
  explicit Users(Settings& settings) { static_cast<void>(settings); }
#else
  explicit Users(int limit) { static_cast<void>(limit); }
#endif
};
struct UsersModule : nestcpp::module {
  UsersModule() {
    provide<Settings>();
    provide<Users>();
  }
};

}  // namespace undeducible_constructor
