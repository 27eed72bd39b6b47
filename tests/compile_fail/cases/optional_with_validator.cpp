// expected: nestcpp: validate<Class>\(\) with is_optional\(\), or in partial\(\): only a std::optional or nest::maybe
// member tells whether there is a value to ask of
#include <nestcpp/nestcpp.hpp>

namespace optional_with_validator {

class IsFree {
 public:
  static constexpr std::string_view key = "isFree";
  static constexpr std::string_view text = "$property is taken";
  nestcpp::task<bool> validate(const std::string& name) { co_return name != "ada"; }
};

struct Account {
#ifdef FIXED
  std::optional<std::string> name;
#else
  std::string name;
#endif
};
NEST_DTO(Account, NEST_FIELD(name, is_optional(), validate<IsFree>()));

inline nestcpp::task<void> ask(const Account& account, const nestcpp::async_validators& validators) {
  co_await nestcpp::validate_async(account, validators);
}

}  // namespace optional_with_validator
