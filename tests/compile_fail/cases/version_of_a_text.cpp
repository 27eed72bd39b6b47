// expected: nestcpp: NEST_COLUMN: version.. needs a member of an integer type
#include <nestcpp/nestcpp.hpp>

namespace version_of_a_text {

struct Note {
  nestcpp::uuid id;
#ifdef FIXED
  int revision = 0;
#else
  std::string revision;
#endif
};
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(revision, version()));

}  // namespace version_of_a_text
