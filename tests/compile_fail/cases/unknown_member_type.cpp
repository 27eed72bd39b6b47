// expected: no DTO can hold a member of this type
#include <nestcpp/nestcpp.hpp>

namespace unknown_member_type {

struct Engine {};
#ifdef FIXED
NEST_DTO(Engine);
#endif
struct Car {
  Engine engine;
};
NEST_DTO(Car, NEST_FIELD(engine));
Car read() { return nestcpp::from_json<Car>("{}"); }

}  // namespace unknown_member_type
