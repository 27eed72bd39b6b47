#pragma once
// One request under way.

#include "http/event_source.hpp"
#include "http/route_meter.hpp"

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/pipeline/call.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace nestcpp::detail {

/// What calls share with their dispatcher, and may outlive it with.
struct http_counters {
  std::atomic<std::size_t> in_flight{0};
  std::atomic<bool> shutting_down{false};
  std::shared_ptr<open_event_streams> event_streams = std::make_shared<open_event_streams>();
};

struct served_route {
  std::shared_ptr<const handler_chain> chain;
  int status = 200;
  bool while_draining = false;
  http_headers headers{};
  std::size_t body_limit = 0;
  std::unique_ptr<route_meter> meter{};
  event_stream events = event_stream::none;
};

/// Knows why a request is refused, for the chain that refuses it.
class refusable_context final : public http_context {
 public:
  using http_context::http_context;
  std::exception_ptr failure;
};

class http_call final : public call {
 public:
  struct options {
    bool access_log = true;
    bool etag = true;
    std::optional<compression_options> compression{};
  };
  http_call(event_loop& loop, http_request request, route_parameters parameters,
            std::shared_ptr<const served_route> route, std::shared_ptr<http_responder> responder,
            std::shared_ptr<http_counters> counters, options with);
  /// Without an answer only where the loops ended before there was one.
  ~http_call() override;

  [[nodiscard]] refusable_context& context() noexcept override { return context_; }

  /// Before `run`: headers of the answer, whatever it is.
  void add_headers(const http_headers& headers);
  /// Must be called on the call's loop.
  void run();

 private:
  void answer_reply(const reply& result) noexcept override;
  void answer_error(const error_response& error) noexcept override;

  [[nodiscard]] bool sends_each_value() const noexcept override { return route_->events != event_stream::none; }
  void answer_value(const reply& value) noexcept override;
  void await_value() noexcept override;
  [[nodiscard]] bool peer_is_congested() const noexcept override;
  void await_room() noexcept override;

  [[nodiscard]] std::shared_ptr<event_source> begin_events();
  void append_value(std::string& out, const reply& value);

  void set_result(std::string text);
  void set_error(const error_response& error);
  void send() noexcept;
  void tag(http_response& response) const;
  void write_access_log(int status) const;

  std::shared_ptr<const served_route> route_;
  refusable_context context_;
  std::shared_ptr<http_responder> responder_;
  std::shared_ptr<http_counters> counters_;
  options options_;
  std::weak_ptr<event_source> events_;  // which holds this
  bool events_began_ = false;
  std::uint64_t event_count_ = 0;
};

}  // namespace nestcpp::detail
