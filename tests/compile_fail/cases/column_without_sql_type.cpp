// expected: nestcpp: NEST_COLUMN: a member.s type cannot be stored in a column; specialise nestcpp::database_type<T>
#include <nestcpp/nestcpp.hpp>

namespace column_without_sql_type {

struct Address {
  int number = 0;
};
struct User {
  nestcpp::uuid id;
#ifdef FIXED
  std::string address;
#else
  Address address;
#endif
};
NEST_ENTITY(User, "users", NEST_COLUMN(id, primary_key()), NEST_COLUMN(address));
nestcpp::task<> keep(nestcpp::repository<User>& users, User user) { return users.insert(std::move(user)); }

}  // namespace column_without_sql_type
