#include <nestcpp/testing/message_agent.hpp>

namespace nestcpp::testing {

reply message_agent::send_text(std::string pattern, std::string payload) {
  return start_text(std::move(pattern), std::move(payload)).get();
}

pending<reply> message_agent::start_text(std::string pattern, std::string payload) {
  return spawn(proxy_->send_text(std::move(pattern), std::move(payload), {}));
}

void message_agent::emit_text(std::string pattern, std::string payload) {
  spawn(proxy_->emit_text(std::move(pattern), std::move(payload))).get();
  settle();
}

}  // namespace nestcpp::testing
