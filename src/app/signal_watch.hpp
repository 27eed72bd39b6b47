#pragma once
// SIGINT and SIGTERM: the first asks to stop, the second ends the process at once.

#include <memory>
#include <string>

namespace nestcpp::detail {

class signal_watch {
 public:
  signal_watch();
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  // Blocks until the first signal, which may have come before; its name.
  [[nodiscard]] std::string wait();
  // Whether the first signal has come.
  [[nodiscard]] bool asked() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp::detail
