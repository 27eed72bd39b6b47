// expected: nestcpp: shwo: the class has no method of this name, or several
#include <nestcpp/nestcpp.hpp>

namespace metadata_of_unknown_method {

struct Public {};
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_SET_METADATA(show, Public{});
#else
  NEST_SET_METADATA(shwo, Public{});
#endif
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace metadata_of_unknown_method
