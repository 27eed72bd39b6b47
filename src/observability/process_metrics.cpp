#include <nestcpp/observability/metrics_registry.hpp>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <sys/resource.h>
#include <unistd.h>

namespace nestcpp {

namespace {

std::string read(const char* path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// When the system booted, in seconds since the epoch.
double boot_time() {
  const std::string stat = read("/proc/stat");
  const auto at = stat.find("\nbtime ");
  return at == std::string::npos ? 0 : number(std::string_view{stat}.substr(at + 7));
}

double count_of_open_files() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator each{"/proc/self/fd", error}, end; !error && each != end;
       each.increment(error)) {
    ++count;
  }
  return count - 1;  // the one that counts
}

}  // namespace

std::vector<metric_sample> process_metrics() {
  const std::string stat = read("/proc/self/stat");
  const auto name_end = stat.rfind(')');  // the name may hold blanks
  if (name_end == std::string::npos) return {};
  std::vector<std::string_view> fields;  // from the third on
  std::string_view rest = std::string_view{stat}.substr(name_end + 2);
  while (!rest.empty()) {
    fields.push_back(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(fields.back().size() + 1, rest.size()));
  }
  if (fields.size() < 22) return {};
  const auto field = [&](std::size_t number_in_manual) { return number(fields[number_in_manual - 3]); };
  static const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  static const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  static const double booted = boot_time();

  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto gauge = [](const char* name, double value, const char* help) {
    return metric_sample{name, {}, value, metric_kind::gauge, help};
  };
  return {
      {"process_cpu_seconds_total",
       {},
       (field(14) + field(15)) / ticks,
       metric_kind::counter,
       "Processor time of the process, its own and the system's on its behalf"},
      gauge("process_threads", field(20), "Threads of the process"),
      gauge("process_start_time_seconds", booted + field(22) / ticks, "When the process started, since the epoch"),
      gauge("process_virtual_memory_bytes", field(23), "Virtual memory of the process"),
      gauge("process_resident_memory_bytes", field(24) * page, "Resident memory of the process"),
      gauge("process_open_fds", count_of_open_files(), "Open files and sockets"),
      gauge("process_max_fds", static_cast<double>(files.rlim_cur), "How many files and sockets may be open"),
  };
}

}  // namespace nestcpp
