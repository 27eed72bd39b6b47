#include "app/swagger_ui.hpp"

#include <filesystem>
#include <system_error>

namespace nestcpp::detail {

std::string find_swagger_ui() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  for (const char* place : {"../share/nestcpp/swagger-ui", "../../swagger-ui/node_modules/swagger-ui-dist"}) {
    const auto folder = program.parent_path() / place;
    if (std::filesystem::exists(folder / "swagger-ui-bundle.js", error)) return folder.lexically_normal().string();
  }
  return {};
}

}  // namespace nestcpp::detail
