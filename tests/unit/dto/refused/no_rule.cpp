// expected: what follows the name in NEST_FIELD.* must be rules such as is_string
#include <nestcpp/dto/dto.hpp>

struct Person {
  std::string name;
};
NEST_DTO(Person, NEST_FIELD(name, 42));
