// expected: nestcpp: NEST_ENTITY needs at least one NEST_COLUMN
#include <nestcpp/nestcpp.hpp>

namespace entity_without_columns {

struct User {
  nestcpp::uuid id;
};
#ifdef FIXED
NEST_ENTITY(User, "users", NEST_COLUMN(id));
#else
NEST_ENTITY(User, "users");
#endif

}  // namespace entity_without_columns
