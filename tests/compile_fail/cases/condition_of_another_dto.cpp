// expected: validate_if.function.: the function is bool.const Dto&.
#include <nestcpp/nestcpp.hpp>

namespace condition_of_another_dto {

struct Person {
  std::string name;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(name, validate_if([](const Person& p) { return p.name != "x"; }), is_string()));
#else
NEST_DTO(Person, NEST_FIELD(name, validate_if([](int value) { return value == 1; }), is_string()));
#endif

}  // namespace condition_of_another_dto
