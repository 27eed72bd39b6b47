// expected: validate_by.key, text, function.: the function is bool
#include <nestcpp/nestcpp.hpp>

namespace rule_of_a_wrong_function {

struct Person {
  std::string name;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(name, validate_by("isNice", "be nice", [](std::string_view v) { return v == "nice"; })));
#else
NEST_DTO(Person, NEST_FIELD(name, validate_by("isNice", "be nice", [](int, int) { return true; })));
#endif

}  // namespace rule_of_a_wrong_function
