#pragma once
/// @file
/// A service as a process of its own: started, heard, signalled, killed, and always reaped.

#include "support/socket.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace support {

using environment = std::map<std::string, std::string>;

struct process_options {
  std::filesystem::path executable;
  std::vector<std::string> arguments{};
  /// All that the process gets; nothing is inherited, but for the sanitizers' options.
  environment variables{};
  std::filesystem::path working_directory;
  /// A network of its own, in which every port is free (needs the right to make one: `can_isolate_network`).
  bool own_network = false;
};

[[nodiscard]] bool can_isolate_network();

/// How a process ended: by an exit status, or by a signal.
struct process_end {
  std::optional<int> status;
  std::optional<int> signal;
  bool operator==(const process_end&) const = default;
};

/// Dies with the thread that started it, so start it from the test's own.
class service_process {
 public:
  explicit service_process(const process_options& options);
  /// Kills it where it still runs.
  ~service_process();
  service_process(const service_process&) = delete;
  service_process& operator=(const service_process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Waits for `count` lines "listening …". @throws std::runtime_error with what the process wrote where they do not
  /// come
  void await_listeners(std::size_t count, milliseconds limit = patience);
  /// Those lines, as they are.
  [[nodiscard]] std::vector<std::string> listening_lines() const;
  /// What it said to listen on: `port("http")`. @throws std::runtime_error where it did not say
  [[nodiscard]] std::uint16_t port(std::string_view kind) const;

  void signal(int number) const;
  /// SIGKILL, and waits for the end.
  void kill();
  /// All output has been collected where it has ended.
  /// @return nothing where it still runs after the limit
  std::optional<process_end> wait(milliseconds limit = patience);
  [[nodiscard]] bool is_running() { return !wait(milliseconds{0}); }

  /// All that it wrote so far.
  [[nodiscard]] std::string standard_output() const;
  [[nodiscard]] std::string standard_error() const;
  /// Both, for the message of a test that failed.
  [[nodiscard]] std::string transcript() const;

 private:
  void read_pipes(descriptor out, descriptor err);

  std::string name_;
  pid_t pid_ = -1;
  std::optional<process_end> end_;
  mutable std::mutex mutex_;
  std::string out_, err_;
  std::atomic<bool> drained_{false};  // both pipes have ended
  std::thread reader_;
};

std::vector<std::string> lines_of(std::string_view text);

}  // namespace support
