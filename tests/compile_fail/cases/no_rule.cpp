// expected: what follows the name in NEST_FIELD.* must be rules such as is_string
#include <nestcpp/nestcpp.hpp>

namespace no_rule {

struct Person {
  std::string name;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(name, max_length(42)));
#else
NEST_DTO(Person, NEST_FIELD(name, 42));
#endif

}  // namespace no_rule
