// expected: nestcpp: piped<Dto, Pipe…>: the DTO has validate<…>\(\) rules
#include <nestcpp/nestcpp.hpp>

namespace piped_dto_with_validators {

class IsFree {
 public:
  static constexpr std::string_view key = "isFree";
  static constexpr std::string_view text = "$property is taken";
  nestcpp::task<bool> validate(const std::string& name) { co_return name != "ada"; }
};
struct Account {
  std::string name;
};
NEST_DTO(Account, NEST_FIELD(name, validate<IsFree>()));

struct User {
  std::string name;
};
#ifdef FIXED
using Made = Account;
#else
using Made = User;
#endif

class Make {
 public:
  Made transform(Account account, const nestcpp::argument_metadata&) const { return {account.name}; }
};
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_POST(create, "/");
  std::string create(nestcpp::piped<Account, Make> made) { return made->name; }
};
inline auto endpoint(Users& users, const nestcpp::handler_chain& chain) {
  return std::make_unique<nestcpp::method_endpoint<&Users::create>>(users, chain);
}

}  // namespace piped_dto_with_validators
