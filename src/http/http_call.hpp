#pragma once
// One request under way.

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/pipeline/call.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>

namespace nestcpp::detail {

/// What calls share with their dispatcher, and may outlive it with.
struct http_counters {
  std::atomic<std::size_t> in_flight{0};
  std::atomic<bool> shutting_down{false};
};

struct served_route {
  std::shared_ptr<const handler_chain> chain;
  int status = 200;
  bool while_draining = false;
  http_headers headers{};
};

/// Knows why a request is refused, for the chain that refuses it.
class refusable_context final : public http_context {
 public:
  using http_context::http_context;
  std::exception_ptr failure;
};

class http_call final : public call {
 public:
  http_call(event_loop& loop, http_request request, route_parameters parameters,
            std::shared_ptr<const served_route> route, std::shared_ptr<http_responder> responder,
            std::shared_ptr<http_counters> counters, bool access_log);
  /// Without an answer only where the loops ended before there was one.
  ~http_call() override;

  [[nodiscard]] refusable_context& context() noexcept override { return context_; }

  /// Must be called on the call's loop.
  void run();

 private:
  void answer_reply(const reply& result) noexcept override;
  void answer_error(const error_response& error) noexcept override;

  void set_result(std::string text);
  void set_error(const error_response& error);
  void send() noexcept;
  void write_access_log(int status) const;

  std::shared_ptr<const served_route> route_;
  refusable_context context_;
  std::shared_ptr<http_responder> responder_;
  std::shared_ptr<http_counters> counters_;
  bool access_log_;
};

}  // namespace nestcpp::detail
