// expected: no DTO can hold a member of this type
#include <nestcpp/dto/dto.hpp>

struct Engine {};
struct Car {
  Engine engine;
};
NEST_DTO(Car, NEST_FIELD(engine));

Car read() { return nestcpp::from_json<Car>("{}"); }
