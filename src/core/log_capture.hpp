#pragma once
// For tests: while it lives, lines of this process go to it instead of stdout and stderr.

#include <nestcpp/core/log.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace nestcpp::detail {

// One at a time. Thread safe; lines are rendered without colours and without their line feed.
class log_capture {
 public:
  struct line {
    log_level level;
    std::string text;
  };

  explicit log_capture(log_level level = log_level::info, log_format format = log_format::json);
  ~log_capture();
  log_capture(const log_capture&) = delete;
  log_capture& operator=(const log_capture&) = delete;

  [[nodiscard]] std::vector<line> lines() const;
  // Whether any line contains `text`.
  [[nodiscard]] bool contains(std::string_view text) const;
  void add(log_level level, std::string_view text);

 private:
  mutable std::mutex mutex_;
  std::vector<line> lines_;
  log_level former_level_;
  log_format former_format_;
};

}  // namespace nestcpp::detail
