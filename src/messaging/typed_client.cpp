#include <nestcpp/messaging/typed_client.hpp>

#include "messaging/policy_engine.hpp"

namespace nestcpp {

namespace {
constexpr client_policy nothing_else{};
}

typed_client::typed_client(std::unique_ptr<client_proxy> proxy, const client_policy& policy)
    : proxy_{std::move(proxy)}, engine_{std::make_unique<detail::policy_engine>(*proxy_, policy)} {}

typed_client::~typed_client() = default;

task<reply> typed_client::send_text(std::string pattern, std::string payload) {
  return send_text(std::move(pattern), std::move(payload), nothing_else);
}

task<reply> typed_client::send_text(std::string pattern, std::string payload, const client_policy& call) {
  return engine_->send({.pattern = std::move(pattern), .payload = std::move(payload), .policy = &call});
}

stream<reply> typed_client::send_stream_text(std::string pattern, std::string payload) {
  return send_stream_text(std::move(pattern), std::move(payload), nothing_else);
}

stream<reply> typed_client::send_stream_text(std::string pattern, std::string payload, const client_policy& call) {
  return engine_->send_stream({.pattern = std::move(pattern), .payload = std::move(payload), .policy = &call});
}

task<void> typed_client::emit_acknowledged_text(std::string pattern, std::string payload) {
  return emit_acknowledged_text(std::move(pattern), std::move(payload), nothing_else);
}

task<void> typed_client::emit_acknowledged_text(std::string pattern, std::string payload, const client_policy& call) {
  co_await engine_->send(
      {.pattern = std::move(pattern), .payload = std::move(payload), .policy = &call, .acknowledged = true});
}

std::vector<policy_snapshot> typed_client::policies() const { return engine_->snapshots(); }
std::vector<metric_sample> typed_client::metrics() const { return engine_->metrics(); }
circuit* typed_client::find_circuit(std::string_view pattern) noexcept { return engine_->find_circuit(pattern); }

}  // namespace nestcpp
