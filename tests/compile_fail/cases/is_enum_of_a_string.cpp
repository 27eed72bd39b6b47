// expected: nestcpp: is_enum.. needs a member whose type has a NEST_ENUM.….; for a string write is_enum<TheEnum>
#include <nestcpp/nestcpp.hpp>

namespace is_enum_of_a_string {

enum class Color { red };
NEST_ENUM(Color, red);
struct Car {
  std::string color;
};
#ifdef FIXED
NEST_DTO(Car, NEST_FIELD(color, is_enum<Color>()));
#else
NEST_DTO(Car, NEST_FIELD(color, is_enum()));
#endif
Car read() { return nestcpp::from_json<Car>("{}"); }

}  // namespace is_enum_of_a_string
