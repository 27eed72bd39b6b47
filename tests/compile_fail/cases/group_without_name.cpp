// expected: with_groups.rule, .*needs the name of a group
#include <nestcpp/nestcpp.hpp>

namespace group_without_name {

struct Person {
  std::string name;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(name, with_groups(is_string(), "create")));
#else
NEST_DTO(Person, NEST_FIELD(name, with_groups(is_string())));
#endif

}  // namespace group_without_name
