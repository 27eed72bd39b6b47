// expected: with_message.rule, text.: the text is a string literal, or a function
#include <nestcpp/nestcpp.hpp>

namespace message_that_is_no_text {

struct Person {
  std::string name;
};
#ifdef FIXED
NEST_DTO(Person, NEST_FIELD(name, with_message(is_string(), "no text")));
#else
NEST_DTO(Person, NEST_FIELD(name, with_message(is_string(), 5)));
#endif

}  // namespace message_that_is_no_text
