// expected: nestcpp: JSON numbers are doubles; use double instead of long double
#include <nestcpp/nestcpp.hpp>

namespace long_double_member {

struct Price {
#ifdef FIXED
  double euros = 0;
#else
  long double euros = 0;
#endif
};
NEST_DTO(Price, NEST_FIELD(euros));
std::string write(const Price& price) { return nestcpp::to_json(price); }

}  // namespace long_double_member
