// expected: write NEST_ENUM.*after the enumeration
#include <nestcpp/nestcpp.hpp>

namespace enum_without_description {

enum class Color { red };
#ifdef FIXED
NEST_ENUM(Color, red);
#endif
struct Car {
  Color color{};
};
NEST_DTO(Car, NEST_FIELD(color));
std::string write(const Car& car) { return nestcpp::to_json(car); }

}  // namespace enum_without_description
