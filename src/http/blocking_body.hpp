#pragma once
// The body of an answer that is made while it is sent, for a thread that waits for its pieces.

#include <nestcpp/http/http_body_source.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nestcpp::detail {

/// Its end abandons a source that has not come to its own.
class blocking_body {
 public:
  explicit blocking_body(std::shared_ptr<http_body_source> source);
  ~blocking_body();
  blocking_body(const blocking_body&) = delete;
  blocking_body& operator=(const blocking_body&) = delete;

  [[nodiscard]] std::optional<std::uint64_t> size() const;
  /// The next piece; empty: the end; nullopt: it failed (logged), or `given_up`, which is asked four times a second.
  [[nodiscard]] std::optional<std::string> next(const std::function<bool()>& given_up);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nestcpp::detail
