#include <nestcpp/messaging/client_health.hpp>

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

}  // namespace nestcpp
