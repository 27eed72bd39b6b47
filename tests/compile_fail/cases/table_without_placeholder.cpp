// expected: nestcpp: controller_table: a path<> parameter of a route has no :placeholder in its path
#include <nestcpp/nestcpp.hpp>

namespace table_without_placeholder {

struct Users {
  int find(nestcpp::path<"id", int> id) { return *id; }
};
struct UsersModule : nestcpp::module {
  UsersModule();
};
}  // namespace table_without_placeholder
template <>
struct nestcpp::controller_table<table_without_placeholder::Users> {
  static constexpr auto controller() { return nestcpp::make_controller("Users", "/users"); }
  static constexpr auto routes() {
#ifdef FIXED
    return nestcpp::routes(
        nestcpp::make_http_route<&table_without_placeholder::Users::find, nestcpp::http_method::get, "/:id">("find"));
#else
    return nestcpp::routes(
        nestcpp::make_http_route<&table_without_placeholder::Users::find, nestcpp::http_method::get, "/id">("find"));
#endif
  }
};
namespace table_without_placeholder {
UsersModule::UsersModule() { controllers<Users>(); }

}  // namespace table_without_placeholder
