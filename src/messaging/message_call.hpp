#pragma once
// A message under way whose handler may suspend.

#include <nestcpp/messaging/message_dispatcher.hpp>
#include <nestcpp/messaging/rpc_context.hpp>
#include <nestcpp/pipeline/call.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

// The answer to a message that several event handlers serve, given when the last has ended. As in NestJS it is
// {"current":<first>,"next":<second>}, where <second> has that form again if there are more.
class shared_answer : public boost::intrusive_ref_counter<shared_answer> {
 public:
  explicit shared_answer(std::size_t handlers) : results_(handlers), waiting_{handlers} {}

  // True: that was the last.
  [[nodiscard]] bool add_result(std::size_t handler, const reply& result);
  [[nodiscard]] bool add_error(const error_response& error);

  // Of several errors the first.
  void append_to(std::string& out, std::string_view id) const;

 private:
  std::vector<reply> results_;
  std::size_t waiting_;
  std::optional<error_response> error_;
};

// Counts a handler as in flight for as long as anything of its call exists: what is counted no more touches nothing
// that the application owns.
class in_flight_count {
 public:
  explicit in_flight_count(std::shared_ptr<std::atomic<std::size_t>> in) noexcept : in_{std::move(in)} {
    in_->fetch_add(1, std::memory_order_relaxed);
  }
  in_flight_count(const in_flight_count&) = delete;
  ~in_flight_count() { in_->fetch_sub(1, std::memory_order_release); }

 private:
  std::shared_ptr<std::atomic<std::size_t>> in_;
};

// Keeps its own copy of the packet.
class message_call final : public call {
 public:
  message_call(message_dispatcher& dispatcher, message_link& link, std::string_view text,
               const request_envelope& envelope, const handler_chain& chain,
               std::chrono::steady_clock::time_point received_at);

  // Before start(): one of several handlers, its number among them.
  void share(boost::intrusive_ptr<shared_answer> answer, std::size_t handler);

  [[nodiscard]] execution_context& context() noexcept override { return context_; }

  ~message_call() override;

 private:
  void answer_reply(const reply& result) noexcept override;
  void answer_error(const error_response& error) noexcept override;

  [[nodiscard]] bool sends_each_value() const noexcept override { return !id_.empty() && !shared_; }
  void answer_value(const reply& value) noexcept override;
  [[nodiscard]] bool peer_is_congested() const noexcept override { return sends_each_value() && link_->congested(); }
  void await_room() noexcept override { link_->park_stream(*this); }
  [[nodiscard]] bool open_stream() override;
  void close_stream(bool abandoned) noexcept override;

  void done() noexcept;

  in_flight_count counted_;  // first: it ends last
  boost::intrusive_ptr<message_link> link_;
  std::string text_;
  std::string_view id_;
  boost::intrusive_ptr<shared_answer> shared_;
  std::size_t handler_ = 0;
  bool streams_ = false;  // to the link
  rpc_context context_;
};

namespace detail {

// {"err":…,"isDisposed":true,"id":…}
void append_error_response(std::string& out, const error_response& error, std::string_view id);
// An event has nobody who would be told. Unknown exceptions were logged with their cause by the filter.
void log_refused_event(const execution_context& context, const error_response& error);

}  // namespace detail
}  // namespace nestcpp
