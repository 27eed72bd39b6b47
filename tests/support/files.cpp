#include "support/files.hpp"

#include <cerrno>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

namespace support {

temporary_directory::temporary_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "nestcpp-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error{errno, std::generic_category(), "mkdtemp " + name};
  path_ = name;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary};
  out << text;
  if (!out.flush()) throw std::runtime_error{"cannot write " + path.string()};
}

port_lease::port_lease() {
  const auto locks = std::filesystem::temp_directory_path() / ("nestcpp-ports-" + std::to_string(::getuid()));
  std::filesystem::create_directories(locks);
  std::mt19937 random{std::random_device{}()};
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const auto port = std::uniform_int_distribution<std::uint16_t>{12000, 19999}(random);
    descriptor lock{::open((locks / std::to_string(port)).c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)};
    if (!lock.is_open() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) continue;
    try {
      const tcp_listener probe{port};
    } catch (const std::system_error&) {
      continue;
    }
    lock_ = std::move(lock);
    port_ = port;
    return;
  }
  throw std::runtime_error{"no free port between 12000 and 19999"};
}

}  // namespace support
