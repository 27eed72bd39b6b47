// expected: nestcpp: NEST_DTO.Fixed.: a DTO must be default constructible
#include <nestcpp/dto/dto.hpp>

struct Fixed {
  explicit Fixed(int v) : value{v} {}
  int value;
};
NEST_DTO(Fixed, NEST_FIELD(value));
