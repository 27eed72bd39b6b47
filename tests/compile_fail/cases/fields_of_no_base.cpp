// expected: the DTO must derive from the base
#include <nestcpp/nestcpp.hpp>

namespace fields_of_no_base {

struct Person {
  std::string name;
};
NEST_DTO(Person, NEST_FIELD(name, is_string()));
#ifdef FIXED
struct Employee : Person {
#else
struct Employee {
#endif
  int id = 0;
};
NEST_DTO(Employee, NEST_FIELD(id), fields_of<Person>());
inline std::string write(const Employee& employee) { return nestcpp::to_json(employee); }

}  // namespace fields_of_no_base
