// expected: validate<Class>..: Class needs .nest::task<bool> validate
#include <nestcpp/nestcpp.hpp>

namespace validator_for_another_type {

class IsFree {
 public:
  static constexpr std::string_view key = "isFree";
  static constexpr std::string_view text = "$property is taken";
#ifdef FIXED
  nestcpp::task<bool> validate(const std::string&) { co_return true; }
#else
  nestcpp::task<bool> validate(int) { co_return true; }
#endif
};
struct Person {
  std::string name;
};
NEST_DTO(Person, NEST_FIELD(name, validate<IsFree>()));
inline nestcpp::task<void> ask(const Person& person, const nestcpp::async_validators& validators) {
  return nestcpp::validate_async(person, validators);
}

}  // namespace validator_for_another_type
