// expected: nestcpp: piped<parameter, Pipe…>: each pipe needs a public `R transform
#include <nestcpp/nestcpp.hpp>

namespace parameter_pipe_for_another_type {

class Trim {
 public:
  std::string transform(std::string value, const nestcpp::argument_metadata&) const { return value; }
};
class Users {
  NEST_CONTROLLER(Users, "/users");

 public:
  NEST_GET(find, "/:id");
#ifdef FIXED
  std::string find(nestcpp::piped<nestcpp::path<"id", std::string>, Trim> id) { return *id; }
#else
  std::string find(nestcpp::piped<nestcpp::path<"id", std::vector<int>>, Trim> id) {
    return std::to_string(id->size());
  }
#endif
};

}  // namespace parameter_pipe_for_another_type
