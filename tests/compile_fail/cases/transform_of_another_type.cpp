// expected: a transformation does not fit the member
#include <nestcpp/nestcpp.hpp>

namespace transform_of_another_type {

struct Person {
#ifdef FIXED
  std::string age;
#else
  int age = 0;
#endif
};
NEST_DTO(Person, NEST_FIELD(age, trim()));

}  // namespace transform_of_another_type
