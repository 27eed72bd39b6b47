#include <nestcpp/testing/temporary_database.hpp>

#include <nestcpp/core/uuid.hpp>

#include <system_error>

namespace nestcpp::testing {

namespace {

std::filesystem::path make_folder() {
  const std::filesystem::path name = "nestcpp-test-" + uuid::v4().to_string();
  std::error_code error;
  if (const auto in_memory = std::filesystem::path{"/dev/shm"} / name; create_directory(in_memory, error)) {
    return in_memory;
  }
  const auto folder = std::filesystem::temp_directory_path() / name;
  create_directory(folder);
  return folder;
}

}  // namespace

temporary_database::temporary_database() : path_{make_folder() / "database.sqlite3"} {}

temporary_database::~temporary_database() {
  std::error_code ignored;
  std::filesystem::remove_all(path_.parent_path(), ignored);
}

database_options temporary_database::options() const { return {.path = path_.string(), .pool_size = 2}; }

}  // namespace nestcpp::testing
