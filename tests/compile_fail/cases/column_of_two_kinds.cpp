// expected: nestcpp: NEST_COLUMN: a column is one of create_date
#include <nestcpp/nestcpp.hpp>

namespace column_of_two_kinds {

struct Note {
  nestcpp::uuid id;
  nestcpp::timestamp at;
};
#ifdef FIXED
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(at, update_date()));
#else
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(at, create_date(), update_date()));
#endif

}  // namespace column_of_two_kinds
