// expected: nestcpp: soft_remove.. and restore.. need a column with delete_date
#include <nestcpp/nestcpp.hpp>

namespace soft_remove_without_delete_date {

struct Note {
  nestcpp::uuid id;
  std::optional<nestcpp::timestamp> deletedAt;
};
#ifdef FIXED
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(deletedAt, delete_date()));
#else
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(deletedAt));
#endif
nestcpp::task<std::size_t> hide(nestcpp::repository<Note>& notes, nestcpp::uuid id) {
  return notes.soft_remove(nestcpp::where::equal(&Note::id, id));
}

}  // namespace soft_remove_without_delete_date
