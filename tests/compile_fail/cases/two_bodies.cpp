// expected: nestcpp: create: parameters are path<>.*at most one body, by value or const&
#include <nestcpp/nestcpp.hpp>

namespace two_bodies {

class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_POST(create, "/");
#ifdef FIXED
  int create(nestcpp::payload<"first", int> first, nestcpp::payload<"second", int> second) { return *first + *second; }
#else
  int create(int first, int second) { return first + second; }
#endif
};

}  // namespace two_bodies
