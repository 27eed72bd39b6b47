// expected: nestcpp: find: a path<> parameter has no :placeholder in /:user
#include <nestcpp/nestcpp.hpp>

namespace missing_placeholder {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
#ifdef FIXED
  NEST_GET(find, "/:id");
#else
  NEST_GET(find, "/:user");
#endif
  int find(nestcpp::path<"id", int> id) { return *id; }
};

}  // namespace missing_placeholder
