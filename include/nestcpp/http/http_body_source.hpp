#pragma once
/// @file nestcpp/http/http_body_source.hpp
/// @brief The body of an answer that is made while it is sent: files, server-sent events, streams.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace nestcpp {

/// Asked by the adapter for one piece after the other, as fast as the peer takes them: a slow peer slows it down.
/// @par Thread safety Not safe: awaited on `loop()`, one question at a time.
class http_body_source {
 public:
  /// @param on must outlive the source
  explicit http_body_source(event_loop& on) noexcept : loop_{&on} {}
  virtual ~http_body_source() = default;
  http_body_source(const http_body_source&) = delete;
  http_body_source& operator=(const http_body_source&) = delete;

  [[nodiscard]] event_loop& loop() const noexcept { return *loop_; }

  /// Appends the next piece to `to`, waiting until there is one; false: that was the end, nothing was appended.
  /// @throws anything: the answer is broken off and the connection closed, so that the peer notices (logged)
  /// @par Cancellation Where the peer goes away, or closes its side, what is awaited here is cancelled.
  [[nodiscard]] virtual task<bool> next(std::string& to) = 0;

  /// Bytes of the whole body, sent as `Content-Length`. Default: unknown; the body travels in chunks.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }

  /// The peer has gone, or the server stops: nobody will ask again. Called at most once, on `loop()`, and not where
  /// `next` has given false or thrown. Default: nothing.
  virtual void abandon() noexcept {}

 private:
  event_loop* loop_;
};

}  // namespace nestcpp
