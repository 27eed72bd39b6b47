// expected: nestcpp: this type cannot be read from a column; specialise nestcpp::database_type<T>
#include <nestcpp/nestcpp.hpp>

namespace column_that_cannot_be_read {

struct Address {
  int number = 0;
};
struct User {
  nestcpp::uuid id;
#ifdef FIXED
  std::optional<std::string> address;
#else
  std::optional<Address> address;
#endif
};
NEST_ENTITY(User, "users", NEST_COLUMN(id, primary_key()), NEST_COLUMN(address));
nestcpp::task<std::vector<User>> all(nestcpp::repository<User>& users) { return users.find(); }

}  // namespace column_that_cannot_be_read
