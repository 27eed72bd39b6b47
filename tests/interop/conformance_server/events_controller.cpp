#include "events_controller.hpp"

#include <stdexcept>
#include <utility>

namespace conformance {

namespace {
nest::stream<int> one_to_three() {
  for (int i = 1; i <= 3; ++i) co_yield i;
}
}  // namespace

void Notes::add(std::string_view name, const json_text& data, const json_text& more) {
  const std::lock_guard lock{mutex_};
  notes_ += notes_.empty() ? "[" : ",[";
  nest::append_json_string(notes_, name);
  notes_.append(",").append(data.has_value() ? data.text() : "null");
  if (more.has_value()) notes_.append(",").append(more.text());
  notes_ += ']';
}

json_text Notes::take() {
  const std::lock_guard lock{mutex_};
  return json_text::from_text("[" + std::exchange(notes_, {}) + "]");
}

void EventsController::ev(json_text data) {
  notes_.add("ev", data.has_value() ? data : json_text::of(std::string{"undefined"}));
}
nest::stream<int> EventsController::ev_obs(json_text data) {
  notes_.add("ev_obs", data);
  return one_to_three();
}
void EventsController::ev_throw(json_text data) {
  notes_.add("ev_throw", data);
  throw std::runtime_error{"ev boom"};
}
void EventsController::ev_rpcthrow(json_text data) {
  notes_.add("ev_rpcthrow", data);
  throw nest::rpc_exception{"ev rpc boom"};
}
std::string EventsController::evdup1(json_text data) {
  notes_.add("evdup1", data);
  return "A";
}
std::string EventsController::evdup2(json_text data) {
  notes_.add("evdup2", data);
  return "B";
}
void EventsController::evobj(const nest::rpc_context& context, json_text data) {
  notes_.add("evobj", data, json_text::of(context.get_pattern()));
}

}  // namespace conformance
