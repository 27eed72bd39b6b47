#pragma once
// SIGINT and SIGTERM: the first asks to stop, the second ends the process at once. Before the start is complete the
// first does that too, with status 0: nothing is under way that could be lost, and a start may wait long for a
// database.

#include <memory>
#include <string>

namespace nestcpp::detail {

class signal_watch {
 public:
  signal_watch();
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  // The start is complete: from now on the first signal is for wait().
  void started();
  // Blocks until the first signal; its name.
  [[nodiscard]] std::string wait();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp::detail
