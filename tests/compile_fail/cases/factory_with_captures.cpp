// expected: exception_factory is a lambda without captures
#include <nestcpp/nestcpp.hpp>

namespace factory_with_captures {

inline int read(const std::string& text, [[maybe_unused]] int& count) {
  const nestcpp::validation_options options{
#ifdef FIXED
      .exception_factory = [](const std::vector<nestcpp::validation_error>& errors) { return errors.size(); }
#else
      .exception_factory = [&count](const std::vector<nestcpp::validation_error>&) { return ++count; }
#endif
  };
  return nestcpp::from_json<int>(text, options);
}

}  // namespace factory_with_captures
