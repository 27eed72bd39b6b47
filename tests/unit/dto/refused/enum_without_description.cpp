// expected: write NEST_ENUM.*after the enumeration
#include <nestcpp/dto/dto.hpp>

enum class Color { red };
struct Car {
  Color color{};
};
NEST_DTO(Car, NEST_FIELD(color));

std::string write(const Car& car) { return nestcpp::to_json(car); }
