#pragma once
// What every load takes on its command line, and what it prints at the end.

#include "support/latency_histogram.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

struct load_options {
  std::string host = "127.0.0.1";
  int port = 3000;
  int connections = 16;
  int in_flight = 16;  // of each connection
  double warm_up = 0;  // seconds that are not counted
  double seconds = 5;
  bool json = false;  // the report as one line of JSON

  static constexpr const char* usage =
      "[--host H] [--port N] [--connections K] [--in-flight N] [--warm-up S] [--seconds S] [--json yes]";

  // Takes an option of its own; false: not one of these. Ends the program where the value does not fit.
  bool take(std::string_view name, const char* value) {
    if (name == "--host")
      host = value;
    else if (name == "--port")
      port = static_cast<int>(number(name, value, 1, 65535));
    else if (name == "--connections")
      connections = static_cast<int>(number(name, value, 1, 60000));
    else if (name == "--in-flight")
      in_flight = static_cast<int>(number(name, value, 1, 100000));
    else if (name == "--warm-up")
      warm_up = number(name, value, 0, 600);
    else if (name == "--seconds")
      seconds = number(name, value, 0.1, 600);
    else if (name == "--json")
      json = std::string_view{value} == "yes";
    else
      return false;
    return true;
  }

  static double number(std::string_view name, const char* value, double min, double max) {
    char* end = nullptr;
    const double read = std::strtod(value, &end);
    if (end != value && *end == '\0' && read >= min && read <= max) return read;
    std::fprintf(stderr, "%s takes a number from %g to %g\n", name.data(), min, max);
    std::exit(2);
  }
};

// Counts what is answered between the end of the warm-up and the end of the run.
class load_meter {
 public:
  using clock = std::chrono::steady_clock;

  explicit load_meter(const load_options& options)
      : begin_{clock::now() + seconds(options.warm_up)}, end_{begin_ + seconds(options.seconds)} {}

  void answered(clock::time_point sent, clock::time_point now) noexcept {
    if (now < begin_ || now >= end_) return;
    latencies_.add(now - sent);
    last_ = now;
  }
  [[nodiscard]] bool over(clock::time_point now) const noexcept { return now >= end_; }
  [[nodiscard]] bool counting(clock::time_point now) const noexcept { return now >= begin_; }
  [[nodiscard]] std::uint64_t count() const noexcept { return latencies_.count(); }

  void report(const load_options& options, std::optional<double> allocations = {}) const {
    const std::chrono::duration<double> took = last_ - begin_;
    const double rate = took.count() > 0 ? static_cast<double>(count()) / took.count() : 0;
    const auto at = [this](double part) { return latencies_.percentile(part); };
    if (options.json) {
      std::printf(R"({"per_second":%.0f,"messages":%llu,"p50_us":%.2f,"p90_us":%.2f,"p99_us":%.2f,"p999_us":%.2f)",
                  rate, static_cast<unsigned long long>(count()), at(0.5), at(0.9), at(0.99), at(0.999));
      if (allocations) std::printf(R"(,"allocations":%.3f)", *allocations);
      std::printf("}\n");
      return;
    }
    std::printf("%.0f messages/s  p50 %.1f us  p99 %.1f us  p99.9 %.1f us  (%d connections x %d in flight, %.1f s)",
                rate, at(0.5), at(0.99), at(0.999), options.connections, options.in_flight, took.count());
    if (allocations) std::printf("  %.2f allocations/message", *allocations);
    std::printf("\n");
  }

 private:
  static clock::duration seconds(double count) {
    return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>{count});
  }

  clock::time_point begin_, end_, last_{};
  latency_histogram latencies_;
};

}  // namespace bench
