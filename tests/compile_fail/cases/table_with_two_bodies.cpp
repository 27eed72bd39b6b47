// expected: nestcpp: make_http_route: parameters are path<>.*at most one body
#include <nestcpp/nestcpp.hpp>

namespace table_with_two_bodies {

struct Users {
#ifdef FIXED
  int create(int body) { return body; }
#else
  int create(int body, std::string another) { return body + static_cast<int>(another.size()); }
#endif
};
constexpr auto route = nestcpp::make_http_route<&Users::create, nestcpp::http_method::post, "/">("create");

}  // namespace table_with_two_bodies
