// expected: each.* is for arrays; give the rule itself to a field that is no std::vector or map
#include <nestcpp/dto/dto.hpp>

struct Person {
  std::string name;
};
NEST_DTO(Person, NEST_FIELD(name, each(is_string())));
