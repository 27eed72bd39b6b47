// expected: nestcpp: NEST_SET_METADATA.method, value….: name at least one value
#include <nestcpp/nestcpp.hpp>

namespace metadata_without_value {

struct Public {};
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_SET_METADATA(show, Public{});
#else
  NEST_SET_METADATA(show);
#endif
  NEST_GET(show, "/");
  int show() { return 1; }
};

}  // namespace metadata_without_value
