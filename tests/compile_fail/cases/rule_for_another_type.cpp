// expected: a rule does not fit the member.s type
#include <nestcpp/nestcpp.hpp>

namespace rule_for_another_type {

struct Person {
  int age = 0;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(age, max(3)));
#else
NEST_DTO(Person, NEST_FIELD(age, max_length(3)));
#endif

}  // namespace rule_for_another_type
