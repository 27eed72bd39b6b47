#pragma once
// The values of one reply, between the connection they come on and the one who reads them.

#include "messaging/client_session.hpp"

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <optional>

namespace nestcpp::detail {

// All members run on the connection's loop.
class reply_reader final : public reply_sink {
 public:
  // Belongs to a call that `session` expects under `key`. `max_bytes` of values may wait to be read; one value may
  // always.
  reply_reader(client_session& session, std::uint64_t key, std::size_t max_bytes)
      : session_{&session}, loop_{&session.loop()}, name_{session.name()}, key_{key}, max_bytes_{max_bytes} {}

  // A value that waits.
  [[nodiscard]] std::optional<reply> take();
  // The next value, or nullopt where nothing follows; waits for it until `limit`.
  // @throws what ended the reply: rpc_exception · unavailable_exception · timeout_exception · client_exception where
  // too much waits
  [[nodiscard]] static task<std::optional<reply>> next(boost::intrusive_ptr<reply_reader> self, deadline limit);
  // Nobody reads any more; what comes is dropped.
  void abandon();

  [[nodiscard]] bool value(std::string_view json) override;
  void end(std::exception_ptr failure) override;
  void detach() noexcept override;

 private:
  void wake();

  client_session* session_;  // null: the call has ended
  event_loop* loop_;
  std::string name_;
  std::uint64_t key_;
  std::size_t max_bytes_;
  std::deque<reply> values_;
  std::size_t bytes_ = 0;  // of values_
  std::exception_ptr failure_;
  pending_call::completion waiting_;
};

}  // namespace nestcpp::detail
