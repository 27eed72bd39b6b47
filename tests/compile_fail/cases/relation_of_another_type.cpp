// expected: nestcpp: the two members that are compared must have the same type
#include <nestcpp/nestcpp.hpp>

namespace relation_of_another_type {

struct Note {
  nestcpp::uuid id;
};
struct Comment {
  nestcpp::uuid id;
#ifdef FIXED
  nestcpp::uuid noteId;
#else
  std::string noteId;
#endif
};
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()));
NEST_ENTITY(Comment, "comments", NEST_COLUMN(id, primary_key()), NEST_COLUMN(noteId));
nestcpp::task<std::vector<std::pair<Note, std::vector<Comment>>>> all(nestcpp::repository<Note>& notes) {
  return notes.find_with_many(&Note::id, &Comment::noteId);
}

}  // namespace relation_of_another_type
