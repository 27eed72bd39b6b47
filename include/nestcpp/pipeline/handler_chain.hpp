#pragma once
/// @file nestcpp/pipeline/handler_chain.hpp
/// @brief Everything that stands around one handler, composed once at start.

#include <nestcpp/core/call_meter.hpp>
#include <nestcpp/dto/async_validators.hpp>
#include <nestcpp/dto/validation_options.hpp>
#include <nestcpp/pipeline/endpoint.hpp>
#include <nestcpp/pipeline/exception_filter.hpp>
#include <nestcpp/pipeline/guard.hpp>
#include <nestcpp/pipeline/interceptor.hpp>
#include <nestcpp/pipeline/pipe.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

/// The enhancers of one level (global, controller, method), each list in the order given.
/// @par Lifetime The container owns the instances.
struct enhancers {
  std::vector<guard*> guards;
  std::vector<interceptor*> interceptors;
  std::vector<any_pipe*> pipes;
  std::vector<exception_filter*> filters;
  std::optional<validation_options> validation;
  detail::metadata_set metadata{};
  bool nestjs_compatible_errors = false;
};

/// The classes around a handler, without their namespaces: guards, interceptors and pipes outermost first, filters in
/// the order they are asked.
struct enhancer_names {
  std::vector<std::string> guards, interceptors, pipes, filters;
};

/// @par Thread safety Immutable once composed; safe.
class handler_chain {
 public:
  /// Levels from outermost to innermost: guards, interceptors and pipes run in that order, filters are searched the
  /// other way.
  handler_chain(handler_info info, const std::vector<const enhancers*>& levels);
  handler_chain(const handler_chain&) = delete;
  handler_chain& operator=(const handler_chain&) = delete;

  /// The endpoint reads `validation()` and `pipes()`, so it is made after the chain.
  void set_endpoint(std::unique_ptr<endpoint> handler);

  [[nodiscard]] const handler_info& info() const noexcept { return info_; }
  [[nodiscard]] const validation_options& validation() const noexcept { return validation_; }
  /// Without the asynchronous ones.
  [[nodiscard]] const std::vector<any_pipe*>& pipes() const noexcept { return pipes_; }
  [[nodiscard]] bool has_async_pipes() const noexcept { return !async_pipes_.empty(); }
  [[nodiscard]] task<void> run_async_pipes(std::vector<detail::argument_slot> arguments) const;
  /// @name Pipes of single parameters (`piped`), one of each class
  /// @{
  template <class Pipe>
  void add_parameter_pipe(Pipe& pipe) {
    parameter_pipes_.emplace_back(&detail::type_key<Pipe>, &pipe);
  }
  /// It must have been added.
  template <class Pipe>
  [[nodiscard]] Pipe& parameter_pipe() const noexcept {
    return *static_cast<Pipe*>(find_parameter_pipe(&detail::type_key<Pipe>));
  }
  /// @}
  /// The classes behind `validate<Class>()` of the parameters' DTOs, added before the endpoint is set.
  template <class Class>
  void add_validator(Class& validator) {
    validators_.add(validator);
  }
  [[nodiscard]] const async_validators& validators() const noexcept { return validators_; }
  [[nodiscard]] const endpoint& handler() const noexcept { return *endpoint_; }
  [[nodiscard]] const enhancer_names& names() const noexcept { return names_; }
  /// The shortest of the time limits.
  [[nodiscard]] std::optional<std::chrono::milliseconds> limit() const noexcept { return limit_; }
  /// Neither the handler nor anything around it can suspend, so that `run_plain` may be used.
  [[nodiscard]] bool is_plain() const noexcept { return plain_; }

  /// Counts every call from now on; null: none. Set before the first call.
  void set_meter(std::shared_ptr<call_meter> meter) noexcept { meter_ = std::move(meter); }
  [[nodiscard]] const std::shared_ptr<call_meter>& meter() const noexcept { return meter_; }

  enum class ended { value, no_value, error };

  /// Runs the whole chain without a coroutine. The result's JSON is appended to `out`, which is left as it was where
  /// the call failed; `error` then holds the answer.
  ended run_plain(execution_context& context, std::string& out, error_response& error) const;

 private:
  friend class call_handler;
  friend class call;

  [[nodiscard]] task<reply> run(execution_context& context, std::size_t& observed) const;
  [[nodiscard]] task<reply> run_guarded(execution_context& context, std::size_t& observed) const;
  [[nodiscard]] task<reply> run_recovering(execution_context& context, std::size_t& observed) const;
  [[nodiscard]] std::optional<reply> recover(execution_context& context, const std::exception_ptr& failure,
                                             std::size_t& observed) const;
  [[nodiscard]] task<reply> run_from(execution_context& context, std::size_t next) const;
  void notify_success(execution_context& context, std::size_t observed) const;
  // Nobody is left to be answered.
  void notify_abandoned(execution_context& context, std::size_t observed) const noexcept;
  [[nodiscard]] error_response fail(execution_context& context, const std::exception_ptr& failure,
                                    std::size_t observed) const noexcept;
  // Observers of a call that has been answered see an end, too.
  void notify_late(execution_context& context, const std::exception_ptr& failure, std::size_t observed) const noexcept;
  void record(const execution_context& context, bool failed) const noexcept;
  [[nodiscard]] bool serializes_thrown(const execution_context& context) const noexcept;
  [[nodiscard]] error_response answer_for(const std::exception& exception, execution_context& context) const noexcept;

  [[nodiscard]] void* find_parameter_pipe(const void* type) const noexcept;

  handler_info info_;
  enhancer_names names_;
  std::vector<guard*> guards_;
  std::vector<plain_guard*> plain_guards_;  // the same, where all are plain
  std::vector<observer*> observers_;        // those before the first interceptor that may suspend
  std::vector<interceptor*> interceptors_;  // the rest
  std::vector<any_pipe*> pipes_;
  std::vector<detail::async_pipe_base*> async_pipes_;
  std::vector<std::pair<const void*, void*>> parameter_pipes_;
  async_validators validators_;
  std::vector<exception_filter*> filters_;  // in the order they are searched
  validation_options validation_;
  std::optional<std::chrono::milliseconds> limit_;
  std::unique_ptr<endpoint> endpoint_;
  std::shared_ptr<call_meter> meter_;
  bool guards_plain_ = true;
  bool plain_ = false;
  bool recovers_ = false;  // there is a recovering filter
};

}  // namespace nestcpp
