// expected: nestcpp: create: parameters are path<>.*by value or const&
#include <nestcpp/nestcpp.hpp>

namespace body_by_reference {

struct User {
  int id = 0;
};
NEST_DTO(User, NEST_FIELD(id));
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_POST(create, "/");
#ifdef FIXED
  int create(const User& user) { return user.id; }
#else
  int create(User& user) { return user.id; }
#endif
};

}  // namespace body_by_reference
