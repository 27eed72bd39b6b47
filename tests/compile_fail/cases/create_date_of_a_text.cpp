// expected: nestcpp: NEST_COLUMN: create_date.. and update_date.. need a member of type timestamp
#include <nestcpp/nestcpp.hpp>

namespace create_date_of_a_text {

struct Note {
  nestcpp::uuid id;
#ifdef FIXED
  nestcpp::timestamp createdAt;
#else
  std::string createdAt;
#endif
};
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(createdAt, create_date()));

}  // namespace create_date_of_a_text
