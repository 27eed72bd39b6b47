// expected: nestcpp: NEST_COLUMN: delete_date.. needs a member of type std::optional<timestamp>
#include <nestcpp/nestcpp.hpp>

namespace delete_date_that_is_always_there {

struct Note {
  nestcpp::uuid id;
#ifdef FIXED
  std::optional<nestcpp::timestamp> deletedAt;
#else
  nestcpp::timestamp deletedAt;
#endif
};
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(deletedAt, delete_date()));

}  // namespace delete_date_that_is_always_there
