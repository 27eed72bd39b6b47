// expected: nestcpp: find: the class has no method of this name, or several.*give each overload a name of its own
#include <nestcpp/nestcpp.hpp>

namespace overloaded_method {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_GET(find, "/:id");
  int find(nestcpp::path<"id", int> id) { return *id; }
#ifdef FIXED
  int find_all() { return 0; }
#else
  int find() { return 0; }
#endif
};

}  // namespace overloaded_method
