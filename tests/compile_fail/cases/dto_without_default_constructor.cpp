// expected: nestcpp: NEST_DTO.Fixed.: a DTO must be default constructible
#include <nestcpp/nestcpp.hpp>

namespace dto_without_default_constructor {

struct Fixed {
#ifdef FIXED
  Fixed() = default;
#endif
  explicit Fixed(int v) : value{v} {}
  int value = 0;
};
NEST_DTO(Fixed, NEST_FIELD(value));

}  // namespace dto_without_default_constructor
