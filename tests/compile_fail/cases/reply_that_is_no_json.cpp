// expected: no DTO can hold a member of this type; a class needs a NEST_DTO
#include <nestcpp/nestcpp.hpp>

namespace reply_that_is_no_json {

struct Reply {
  int id = 0;
};
#ifdef FIXED
NEST_DTO(Reply, NEST_FIELD(id));
#endif
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_GET(show, "/");
  Reply show() { return {}; }
};
struct UsersModule : nestcpp::module {
  UsersModule() { controllers<Users>(); }
};

}  // namespace reply_that_is_no_json
