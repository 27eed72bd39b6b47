#include <nestcpp/observability/indicators.hpp>

#include <filesystem>
#include <fstream>
#include <system_error>

#include <unistd.h>

namespace nestcpp {

namespace {

task<indicator_result> check_disk(disk_health_options options) {
  std::error_code error;
  const auto space = std::filesystem::space(options.path, error);
  if (error) co_return indicator_result::down(options.path + ": " + error.message());
  const auto used = static_cast<double>(space.capacity - space.free);
  const bool over = used > options.threshold_percent * static_cast<double>(space.capacity) ||
                    (options.threshold != 0 && used > static_cast<double>(options.threshold));
  if (over) co_return indicator_result::down("Used disk storage exceeded the set threshold");
  co_return indicator_result::up();
}

task<indicator_result> check_rss(std::uint64_t threshold) {
  std::ifstream statm{"/proc/self/statm"};
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  statm >> size >> resident;
  const bool over = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) > threshold;
  if (over) co_return indicator_result::down("Used rss exceeded the set threshold");
  co_return indicator_result::up();
}

}  // namespace

health_check::check_function disk_health(disk_health_options options) {
  return [options = std::move(options)] { return check_disk(options); };
}

health_check::check_function memory_rss_health(std::uint64_t threshold) {
  return [threshold] { return check_rss(threshold); };
}

}  // namespace nestcpp
