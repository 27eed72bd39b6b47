// expected: a field that is not read can never pass its rules
#include <nestcpp/nestcpp.hpp>

namespace excluded_with_rules {

struct Person {
  std::string name;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(name, exclude(), is_optional(), is_string()));
#else
NEST_DTO(Person, NEST_FIELD(name, exclude(), is_string()));
#endif
inline Person read() { return nestcpp::from_json<Person>("{}"); }

}  // namespace excluded_with_rules
