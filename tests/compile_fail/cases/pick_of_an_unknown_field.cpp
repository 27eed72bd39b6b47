// expected: pick.* or omit.* names a field that the base lacks
#include <nestcpp/nestcpp.hpp>

namespace pick_of_an_unknown_field {

struct Person {
  std::string name;
};
NEST_DTO(Person, NEST_FIELD(name, is_string()));
struct Employee : Person {};
#ifdef FIXED
NEST_DTO(Employee, fields_of<Person>().pick("name"));
#else
NEST_DTO(Employee, fields_of<Person>().pick("nmae"));
#endif
inline std::string write(const Employee& employee) { return nestcpp::to_json(employee); }

}  // namespace pick_of_an_unknown_field
