// expected: nestcpp: .*column|nestcpp: .*SQL|nestcpp: .*sql
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
void keep(nestcpp::repository<User>& users, const User& user);
auto describe() { return nestcpp_describe_entity(nestcpp::tag<User>{}); }

}  // namespace column_without_sql_type
