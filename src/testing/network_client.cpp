#include "testing/network_state.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <utility>

namespace nestcpp::testing::detail {

namespace {

using decision = network_state::decision;
using fault_kind = call_fault::kind;

class network_client final : public client_proxy {
 public:
  network_client(std::weak_ptr<network_state> network, std::unique_ptr<client_proxy> inner)
      : network_{std::move(network)}, inner_{std::move(inner)} {}

  [[nodiscard]] const std::string& name() const noexcept override { return inner_->name(); }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept override { return inner_->timeout(); }

  task<reply> send_text(std::string pattern, std::string payload, call_options options) override {
    const decision made = decide(pattern, payload);
    co_await before(made, options);
    reply answer;
    if (made.stub) {
      answer = co_await asked(made.stub, std::move(payload));
    } else {
      require_served(made);
      answer = co_await inner_->send_text(std::move(pattern), std::move(payload), options);
    }
    after(made);
    co_return answer;
  }

  stream<reply> send_stream_text(std::string pattern, std::string payload, call_options options) override {
    const decision made = decide(pattern, payload);
    co_await before(made, options);
    require_served(made);
    stream<reply> values = inner_->send_stream_text(std::move(pattern), std::move(payload), options);
    while (std::optional<reply> each = co_await values.next()) {
      after(made);
      co_yield std::move(*each);
    }
  }

  task<void> emit_text(std::string pattern, std::string payload) override {
    const decision made = decide(pattern, payload);
    if (made.fault.what == fault_kind::drop) co_return;
    co_await before(made, {});
    if (made.stub) {
      static_cast<void>(co_await asked(made.stub, std::move(payload)));
    } else if (made.is_served) {
      co_await inner_->emit_text(std::move(pattern), std::move(payload));
    }
    after(made);
  }

  task<void> emit_acknowledged_text(std::string pattern, std::string payload, call_options options) override {
    const decision made = decide(pattern, payload);
    co_await before(made, options);
    if (made.stub) {
      static_cast<void>(co_await asked(made.stub, std::move(payload)));
    } else if (made.is_served) {
      co_await inner_->emit_acknowledged_text(std::move(pattern), std::move(payload), options);
    }
    after(made);
  }

  [[nodiscard]] std::optional<client_status> status() const override { return inner_->status(); }
  [[nodiscard]] client_status_subscription on_status(client_status_listener listener) override {
    return inner_->on_status(std::move(listener));
  }
  task<void> connect() override { return inner_->connect(); }
  void close() override { inner_->close(); }

 private:
  [[nodiscard]] decision decide(const std::string& pattern, const std::string& payload) const {
    const auto network = network_.lock();
    if (!network) throw unavailable_exception{name(), "the test's network is gone", state::never_sent};
    return network->decide(name(), pattern, payload);
  }

  // What goes wrong on the way there.
  task<void> before(const decision& made, const call_options& options) const {
    const auto* const context = execution_context::current();
    const deadline limit = earlier(deadline::after(options.timeout.value_or(timeout())),
                                   context == nullptr ? deadline::never() : context->get_deadline());
    const bool is_late = made.fault.what == fault_kind::drop || made.fault.delay >= limit.remaining();
    if (is_late) {
      co_await sleep_until(limit);
      throw timeout_exception{name()};
    }
    if (made.fault.delay.count() != 0) co_await sleep_for(made.fault.delay);
    if (made.fault.what == fault_kind::fail) std::rethrow_exception(made.fault.failure);
  }

  // What goes wrong on the way back.
  void after(const decision& made) const {
    if (made.fault.what != fault_kind::disconnect) return;
    inner_->close();
    throw unavailable_exception{name(), "Connection closed", state::maybe_sent};
  }

  void require_served(const decision& made) const {
    if (made.is_served) return;
    throw unavailable_exception{name(),
                                "no testing_module of the test's network has this name, and no stub answers: start one "
                                "with {.name = \"" +
                                    name() + "\"}, or say network.stub<contract>(…)",
                                state::never_sent};
  }

  // What a stub throws is what a handler would have answered.
  static task<reply> asked(const network_state::stub_function& stub, std::string payload) {
    try {
      co_return co_await stub(std::move(payload));
    } catch (const rpc_exception& error) {
      throw rpc_exception{error.wire_error(), rpc_exception::origin::service};
    } catch (const http_exception& error) {
      throw rpc_exception{error.body(), rpc_exception::origin::service};
    }
  }

  using state = unavailable_exception::request;
  std::weak_ptr<network_state> network_;
  std::unique_ptr<client_proxy> inner_;
};

}  // namespace

std::unique_ptr<client_proxy> make_network_client(std::weak_ptr<network_state> network,
                                                  std::unique_ptr<client_proxy> inner) {
  return std::make_unique<network_client>(std::move(network), std::move(inner));
}

}  // namespace nestcpp::testing::detail
