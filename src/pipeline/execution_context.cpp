#include <nestcpp/pipeline/execution_context.hpp>

#include <nestcpp/core/log.hpp>
#include <nestcpp/core/runtime.hpp>

#include <stdexcept>

namespace nestcpp {

namespace {
thread_local execution_context* current_context = nullptr;

std::string_view request_id_of_call() noexcept {
  try {
    return current_context == nullptr ? std::string_view{} : std::string_view{current_context->request_id()};
  } catch (...) {  // out of memory: a line without the id
    return {};
  }
}
}  // namespace

rpc_context& execution_context::switch_to_rpc() {
  if (auto* context = as_rpc()) return *context;
  throw std::logic_error{"switch_to_rpc() on an HTTP call; ask get_type() first"};
}

http_context& execution_context::switch_to_http() {
  if (auto* context = as_http()) return *context;
  throw std::logic_error{"switch_to_http() on a message; ask get_type() first"};
}

const std::string& execution_context::request_id() const {
  if (request_id_.empty()) request_id_ = make_request_id();
  return request_id_;
}

std::optional<trace_context> execution_context::trace() const {
  if (const auto* own = try_get<trace_context>()) return *own;
  return trace_context::parse(traceparent());
}

void detail::refuse_context_value(std::string_view type) {
  throw std::logic_error{"the call carries no " + std::string{type} + ": a guard or interceptor before must set() it"};
}

std::optional<std::string_view> execution_context::path_parameter(std::string_view) const { return std::nullopt; }
std::optional<std::string_view> execution_context::query_parameter(std::string_view) const { return std::nullopt; }
std::optional<std::string_view> execution_context::header(std::string_view) const { return std::nullopt; }
const std::vector<std::pair<std::string, std::string>>& execution_context::query_parameters() const {
  static const std::vector<std::pair<std::string, std::string>> none;
  return none;
}

execution_context* execution_context::current() noexcept { return current_context; }

context_scope::context_scope(execution_context& context) noexcept
    : former_{current_context}, loop_{event_loop::current()} {
  [[maybe_unused]] static const bool registered = (detail::set_request_id_source(&request_id_of_call), true);
  current_context = &context;
  if (loop_ != nullptr) {
    former_activity_ = loop_->activity();
    loop_->set_activity(context.handler_->label);
  }
}

context_scope::~context_scope() {
  current_context = former_;
  if (loop_ != nullptr) loop_->set_activity(former_activity_);
}

}  // namespace nestcpp
