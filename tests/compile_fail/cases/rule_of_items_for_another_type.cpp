// expected: the rule in each.…. does not fit the type of the member.s items
#include <nestcpp/nestcpp.hpp>

namespace rule_of_items_for_another_type {

struct Person {
#ifdef FIXED
  std::vector<std::string> names;
#else
  std::vector<int> names;
#endif
};
NEST_DTO(Person, NEST_FIELD(names, each(max_length(3))));

}  // namespace rule_of_items_for_another_type
