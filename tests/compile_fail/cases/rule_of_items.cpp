// expected: each.* is for arrays; give the rule itself to a field that is no std::vector or map
#include <nestcpp/nestcpp.hpp>

namespace rule_of_items {

struct Person {
#ifdef FIXED
  std::vector<std::string> name;
#else
  std::string name;
#endif
};
NEST_DTO(Person, NEST_FIELD(name, each(is_string())));

}  // namespace rule_of_items
