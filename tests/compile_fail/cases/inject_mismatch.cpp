// expected: nestcpp: NEST_INJECT does not fit the class.s constructors
#include <nestcpp/nestcpp.hpp>

namespace inject_mismatch {

struct Settings {};
struct Clock {};
class Users {
 public:
#ifdef FIXED
  NEST_INJECT(Settings, Clock);
#else
  NEST_INJECT(Clock, Settings);
#endif
  Users(Settings& settings, Clock* clock, int = 0);
  Users(Settings& settings, Clock& clock);
};
struct UsersModule : nestcpp::module {
  UsersModule() { provide<Users>(); }
};

}  // namespace inject_mismatch
