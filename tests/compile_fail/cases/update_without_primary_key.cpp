// expected: nestcpp: update.. needs to know the row: mark a column with primary_key
#include <nestcpp/nestcpp.hpp>

namespace update_without_primary_key {

struct User {
  nestcpp::uuid id;
  std::string name;
};
#ifdef FIXED
NEST_ENTITY(User, "users", NEST_COLUMN(id, primary_key()), NEST_COLUMN(name));
#else
NEST_ENTITY(User, "users", NEST_COLUMN(id), NEST_COLUMN(name));
#endif
nestcpp::task<bool> rename(nestcpp::repository<User>& users, User user) { return users.update(std::move(user)); }

}  // namespace update_without_primary_key
