#include "app/scoped_controller.hpp"

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/messaging/rpc_context.hpp>

#include <memory>

namespace nestcpp::detail {

namespace {

// A call may have instances of several containers: an in-process service is called from another's handler.
struct attached_instances final : call_attachment {
  attached_instances(container& from, execution_context& context) : instances{from, &context} {}
  call_instances instances;
};

execution_context& context_of(void* context) { return *static_cast<execution_context*>(context); }

}  // namespace

call_instances& instances_of(container& from, execution_context& context) {
  for (call_attachment* each = context.attachments(); each != nullptr; each = each->next()) {
    auto& instances = static_cast<attached_instances*>(each)->instances;
    if (&instances.owner() == &from) return instances;
  }
  auto made = std::make_unique<attached_instances>(from, context);
  call_instances& instances = made->instances;
  context.attach(std::move(made));
  return instances;
}

void provide_calls(container& to) {
  to.add_call_value<execution_context>([](void* context) { return &context_of(context); });
  to.add_call_value<rpc_context>([](void* context) -> rpc_context* {
    execution_context& call = context_of(context);
    return call.get_type() == context_type::rpc ? &call.switch_to_rpc() : nullptr;
  });
  to.add_call_value<http_context>([](void* context) -> http_context* {
    execution_context& call = context_of(context);
    return call.get_type() == context_type::http ? &call.switch_to_http() : nullptr;
  });
  to.set_current_call([&to]() -> call_instances* {
    execution_context* const current = execution_context::current();
    return current == nullptr ? nullptr : &instances_of(to, *current);
  });
}

}  // namespace nestcpp::detail
