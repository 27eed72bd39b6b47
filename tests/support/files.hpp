#pragma once
/// @file
/// Directories and ports that belong to one test.

#include "support/socket.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace support {

/// A new directory, removed at the end.
class temporary_directory {
 public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

/// A port nobody uses, and nobody else who leases ports gets while this object lives. It lies below the range from
/// which the system gives out ports, so that a service can be stopped and started on it again.
class port_lease {
 public:
  port_lease();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  descriptor lock_;
  std::uint16_t port_ = 0;
};

}  // namespace support
