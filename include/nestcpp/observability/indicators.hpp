#pragma once
/// @file nestcpp/observability/indicators.hpp
/// @brief Terminus' `DiskHealthIndicator` and `MemoryHealthIndicator`, for `health_check::add`.

#include <nestcpp/observability/health.hpp>

#include <cstdint>
#include <string>

namespace nestcpp {

struct disk_health_options {
  std::string path = "/";           ///< A file or folder on the disk.
  double threshold_percent = 0.95;  ///< Of the disk, from 0 to 1. Default: 0.95.
  std::uint64_t threshold = 0;      ///< Bytes that may be used. Default: 0 = without such a limit.
};

/// Down with "Used disk storage exceeded the set threshold" where more of the disk is used.
///
///     health.add("storage", nest::disk_health({.path = "/var/lib/orders", .threshold_percent = 0.9}));
[[nodiscard]] health_check::check_function disk_health(disk_health_options options = {});

/// Down with "Used rss exceeded the set threshold" where the process has more resident memory.
/// @param threshold bytes
[[nodiscard]] health_check::check_function memory_rss_health(std::uint64_t threshold);

}  // namespace nestcpp
