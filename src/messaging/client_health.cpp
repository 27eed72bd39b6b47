#include <nestcpp/messaging/client_health.hpp>

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>

namespace nestcpp {

task<indicator_result> client_health(client_proxy& client) {
  if (client.status() == client_status::connected) co_return indicator_result::up();
  try {
    co_await client.connect();
  } catch (const client_exception& error) {
    co_return indicator_result::down(error.what());
  }
  co_return indicator_result::up();
}

indicator_result circuit_health(typed_client& client) {
  const circuit* const found = client.find_circuit();
  if (found == nullptr) return indicator_result::up();
  const circuit_state state = found->state();
  boost::json::object data{{"circuit", to_string(state)}};
  // Only a call makes it half open: where readiness keeps the calls away, there would never be one.
  const bool waits = state == circuit_state::open && found->probes_in(clock::now()).count() > 0;
  const bool refuses = waits || state == circuit_state::forced_open;
  return refuses ? indicator_result::down(std::move(data)) : indicator_result::up(std::move(data));
}

}  // namespace nestcpp
