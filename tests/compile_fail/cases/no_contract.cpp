// expected: nestcpp: get: GetUserDto is no contract; write using GetUserDto = nest::message
#include <nestcpp/nestcpp.hpp>

namespace no_contract {

struct GetUserDto {
  int id = 0;
};
NEST_DTO(GetUserDto, NEST_FIELD(id));
using get_user = nestcpp::message<"user.get", GetUserDto, int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
#ifdef FIXED
  NEST_MESSAGE_PATTERN(get, get_user);
#else
  NEST_MESSAGE_PATTERN(get, GetUserDto);
#endif
  int get(GetUserDto dto) { return dto.id; }
};

}  // namespace no_contract
