#pragma once
/// @file nestcpp/pipeline/execution_context.hpp
/// @brief What guards, interceptors, filters and handlers may ask about the call they serve; one type for messages and
/// HTTP.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/trace_context.hpp>
#include <nestcpp/core/type_name.hpp>
#include <nestcpp/pipeline/detail/typed_values.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

class rpc_context;   // nestcpp/messaging/rpc_context.hpp
class http_context;  // nestcpp/http/http_context.hpp

enum class context_type { rpc, http };

/// The class and method that serve a call; fixed at start.
struct handler_info {
  std::string class_name;
  std::string method_name;
  /// The route or pattern: `POST /users`, `user.create`.
  std::string route;
  /// "UsersController.create", for the log line that names a handler which blocks its loop; filled in by handler_chain.
  /// Lives as long as the process, as the loops' watchdog may read it at any time.
  const char* label = "";
  /// Errors are answered as NestJS answers them; filled in by handler_chain.
  bool nestjs_compatible_errors = false;
  /// The handler returns text, which HTTP sends as it is and not as JSON; filled in by handler_chain.
  bool returns_text = false;
  /// What set_metadata said of the method and of its class; see nestcpp/pipeline/metadata.hpp.
  detail::metadata_set handler_metadata{};
  detail::metadata_set controller_metadata{};
};

namespace detail {
[[noreturn]] void refuse_context_value(std::string_view type);
}  // namespace detail
/// Something that ends with a call; see execution_context::attach.
class call_attachment {
 public:
  virtual ~call_attachment() = default;
  [[nodiscard]] call_attachment* next() const noexcept { return next_.get(); }

 private:
  friend class execution_context;
  std::unique_ptr<call_attachment> next_;
};

/// @par Thread safety Not safe: a context belongs to its call, which runs on one loop.
/// @par Lifetime As long as the call; what it returns as a view lives as long as the context.
class execution_context {
 public:
  virtual ~execution_context() = default;
  execution_context(const execution_context&) = delete;
  execution_context& operator=(const execution_context&) = delete;

  [[nodiscard]] context_type get_type() const noexcept { return type_; }
  [[nodiscard]] std::string_view get_class() const noexcept { return handler_->class_name; }
  [[nodiscard]] std::string_view get_handler() const noexcept { return handler_->method_name; }
  [[nodiscard]] std::string_view route() const noexcept { return handler_->route; }
  [[nodiscard]] const handler_info& handler() const noexcept { return *handler_; }
  /// What set_metadata said under the type `T`: of the method, else of its class; null: nothing.
  template <class T>
  [[nodiscard]] const T* metadata() const noexcept {
    const T* of_method = handler_->handler_metadata.get<T>();
    return of_method != nullptr ? of_method : handler_->controller_metadata.get<T>();
  }
  /// Whether the application was told `nestjs_compatible_errors()`.
  [[nodiscard]] bool nestjs_compatible_errors() const noexcept { return handler_->nestjs_compatible_errors; }
  /// Whether the reply is plain text instead of JSON: that of a handler which returns text, over HTTP.
  [[nodiscard]] bool replies_with_text() const noexcept {
    return handler_->returns_text && type_ == context_type::http;
  }

  /// @throws std::logic_error where the call is of the other kind.
  [[nodiscard]] rpc_context& switch_to_rpc();
  [[nodiscard]] http_context& switch_to_http();

  /// The caller's request id: HTTP's `X-Request-Id`, a message's `metadata.requestId`; else the packet's `id` or a new
  /// one.
  [[nodiscard]] const std::string& request_id() const;
  /// The time until which the caller waits.
  [[nodiscard]] deadline get_deadline() const noexcept { return deadline_; }
  /// When the call was read from the wire.
  [[nodiscard]] std::chrono::steady_clock::time_point received_at() const noexcept { return received_at_; }

  /// Where the call stands in a distributed trace: what `set_trace` said, else HTTP's `traceparent` header or a
  /// message's `metadata.traceparent`; nullopt: none, or a malformed one. Typed clients pass it on.
  [[nodiscard]] std::optional<trace_context> trace() const;
  /// For an interceptor that opens a span of its own.
  void set_trace(const trace_context& trace) { values_.set(trace); }

  /// @name What the call carries, by type: a principal, a tenant, a transaction
  /// Kept by guards and interceptors, read by everything after them, also by what a handler awaits
  /// (`execution_context::current()`), and by parameters (`from_context<T>`). Costs nothing where it is not used.
  /// @{
  /// Keeps a value for the rest of the call. What was kept of the type is destroyed; so are all at the call's end.
  template <class T>
  T& set(T value) {
    return values_.set(std::move(value));
  }
  /// Null: nothing was kept of the type.
  template <class T>
  [[nodiscard]] T* try_get() const noexcept {
    return static_cast<T*>(values_.find(&detail::type_key<T>));
  }
  /// @throws std::logic_error that names the type, where nothing was kept of it
  template <class T>
  [[nodiscard]] T& get() const {
    if (T* value = try_get<T>()) return *value;
    detail::refuse_context_value(type_name<T>());
  }
  /// @}

  /// @name What a handler's parameters are made of
  /// @{
  /// The JSON text of the body or message payload; empty: there is none.
  /// @throws http_exception for a form that cannot be read
  [[nodiscard]] virtual std::string_view payload_text() const = 0;
  /// Decoded values; nullopt: absent. Messages have none of the three.
  [[nodiscard]] virtual std::optional<std::string_view> path_parameter(std::string_view name) const;
  [[nodiscard]] virtual std::optional<std::string_view> query_parameter(std::string_view name) const;
  [[nodiscard]] virtual std::optional<std::string_view> header(std::string_view name) const;
  /// All of the query string, decoded, in the order sent; messages have none.
  [[nodiscard]] virtual const std::vector<std::pair<std::string, std::string>>& query_parameters() const;
  /// @}

  /// @name For the application: request-scoped instances
  /// @{
  /// The latest first; null: there are none.
  [[nodiscard]] call_attachment* attachments() const noexcept { return attachments_.get(); }
  /// Destroyed when the call ends (where its coroutine outlives the answer, with that), while the context is still
  /// whole.
  void attach(std::unique_ptr<call_attachment> one) noexcept {
    one->next_ = std::move(attachments_);
    attachments_ = std::move(one);
  }
  /// @}

  /// The call that the running code serves, wherever its coroutine was resumed; null outside of calls.
  [[nodiscard]] static execution_context* current() noexcept;

 protected:
  execution_context(context_type type, const handler_info& handler, std::chrono::steady_clock::time_point received_at)
      : handler_{&handler}, received_at_{received_at}, type_{type} {}

  /// Computes the request id at its first use.
  [[nodiscard]] virtual std::string make_request_id() const = 0;
  /// For destructors of derived classes, which are whole for the last time.
  void end_attachments() noexcept {
    if (attachments_) [[unlikely]]
      attachments_.reset();
  }
  /// As the caller sent it; empty: not at all.
  [[nodiscard]] virtual std::string_view traceparent() const { return {}; }
  void limit_to(deadline limit) noexcept { deadline_ = earlier(deadline_, limit); }

 private:
  friend class call;
  friend class context_scope;
  virtual rpc_context* as_rpc() noexcept { return nullptr; }
  virtual http_context* as_http() noexcept { return nullptr; }
  // For the call, whose last reference may go on any thread: what is the user's ends with the coroutine, on its loop.
  void end() noexcept {
    end_attachments();
    values_ = {};
  }

  const handler_info* handler_;
  std::chrono::steady_clock::time_point received_at_;
  deadline deadline_;
  mutable std::string request_id_;
  std::unique_ptr<call_attachment> attachments_;
  detail::context_values values_;
  context_type type_;
};

/// Makes a context the current one of this thread, its request id that of log lines and its handler the loop's
/// activity, until the end of the scope.
class context_scope {
 public:
  explicit context_scope(execution_context& context) noexcept;
  ~context_scope();
  context_scope(const context_scope&) = delete;
  context_scope& operator=(const context_scope&) = delete;

 private:
  execution_context* former_;
  class event_loop* loop_;
  const char* former_activity_ = "";
};

}  // namespace nestcpp
