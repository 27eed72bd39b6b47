// expected: a rule does not fit the member's type.*check_rule<.*max_length, &Person::age>
#include <nestcpp/dto/dto.hpp>

struct Person {
  int age = 0;
};
NEST_DTO(Person, NEST_FIELD(age, max_length(3)));
