// expected: nestcpp: describe the type with NEST_ENTITY.Type, "table", NEST_COLUMN.….
#include <nestcpp/nestcpp.hpp>

namespace repository_of_no_entity {

struct User {
  nestcpp::uuid id;
};
#ifdef FIXED
NEST_ENTITY(User, "users", NEST_COLUMN(id));
#endif
struct UsersRepository : nestcpp::repository<User> {
  using repository::repository;
};

}  // namespace repository_of_no_entity
