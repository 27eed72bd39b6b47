#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/pipeline/exception_filter.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cctype>
#include <optional>
#include <typeinfo>

namespace nestcpp {

namespace {

constexpr logger log{"ExceptionsHandler"};

// "user-service" → "User service"
std::string display_name(const std::string& client) {
  std::string name = client;
  for (char& c : name) {
    if (c == '-' || c == '_') c = ' ';
  }
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

error_response response_of(const http_exception& exception) { return {exception.status(), exception.body()}; }

error_response internal_error(const execution_context& context) {
  if (context.get_type() == context_type::http) {
    return {500, boost::json::object{{"statusCode", 500}, {"message", "Internal server error"}}};
  }
  return {500, boost::json::object{{"status", "error"}, {"message", "Internal server error"}}};
}

// A service's error as it should surface over HTTP: one that is shaped like an HTTP answer keeps its status.
int status_of(const boost::json::value& error) {
  const auto* object = error.if_object();
  if (object == nullptr) return 0;
  const auto* status = object->if_contains("statusCode");
  const auto* message = object->if_contains("message");
  if (status == nullptr || message == nullptr || !status->is_int64()) return 0;
  const bool told = (message->is_string() && !message->get_string().empty()) || message->is_array();
  return told && status->get_int64() >= 400 && status->get_int64() < 600 ? static_cast<int>(status->get_int64()) : 0;
}

error_response unknown_error(const std::exception& exception, const execution_context& context) {
  log.error("{}.{} failed: {} ({})", context.get_class(), context.get_handler(), exception.what(),
            typeid(exception).name());
  return internal_error(context);
}

// A service's error as Express shows it: NestJS keeps two of its members.
std::optional<error_response> http_error_of(const boost::json::value& error) {
  const auto* object = error.if_object();
  const auto* status = object == nullptr ? nullptr : object->if_contains("statusCode");
  const auto* message = object == nullptr ? nullptr : object->if_contains("message");
  if (status == nullptr || message == nullptr || !status->is_int64() || !message->is_string()) return {};
  if (status->get_int64() < 400 || status->get_int64() > 599 || message->get_string().empty()) return {};
  return error_response{static_cast<int>(status->get_int64()),
                        boost::json::object{{"statusCode", *status}, {"message", *message}}};
}

// What NestJS answers: in a message handler RpcException is the one exception it knows, and of HTTP's family it says
// nothing to anyone.
error_response nestjs_error_response(const std::exception& exception, execution_context& context) {
  const auto* http = dynamic_cast<const http_exception*>(&exception);
  const auto* rpc = dynamic_cast<const rpc_exception*>(&exception);
  if (context.get_type() == context_type::rpc) {
    if (http != nullptr) return internal_error(context);
    if (rpc != nullptr && rpc->from() == rpc_exception::origin::here) return {500, rpc->wire_error()};
    return unknown_error(exception, context);
  }
  if (http != nullptr) return response_of(*http);
  error_response answer = unknown_error(exception, context);
  if (rpc == nullptr || rpc->from() == rpc_exception::origin::here) return answer;
  return http_error_of(rpc->error()).value_or(std::move(answer));
}

}  // namespace

error_response recovering_filter::catch_exception(const std::exception& exception, execution_context& context) {
  return default_error_response(exception, context);
}

error_response default_error_response(const std::exception& exception, execution_context& context) {
  if (context.nestjs_compatible_errors()) return nestjs_error_response(exception, context);
  if (const auto* http = dynamic_cast<const http_exception*>(&exception)) return response_of(*http);
  if (const auto* rpc = dynamic_cast<const rpc_exception*>(&exception)) {
    if (context.get_type() == context_type::rpc) return {500, rpc->wire_error()};
    if (const int status = status_of(rpc->error()); status != 0 && status != 500) return {status, rpc->error()};
    log.error("{}.{} got an error from a service: {}", context.get_class(), context.get_handler(),
              boost::json::serialize(rpc->error()));
    return internal_error(context);
  }
  if (const auto* down = dynamic_cast<const unavailable_exception*>(&exception)) {
    log.warn("{}.{}: {} is unavailable: {}", context.get_class(), context.get_handler(), down->client(), down->what());
    return response_of(service_unavailable_exception{display_name(down->client()) + " is unavailable"});
  }
  if (const auto* late = dynamic_cast<const timeout_exception*>(&exception)) {
    log.warn("{}.{}: {} did not answer in time", context.get_class(), context.get_handler(), late->client());
    return response_of(gateway_timeout_exception{display_name(late->client()) + " did not answer in time"});
  }
  if (dynamic_cast<const deadline_exceeded*>(&exception) != nullptr) {
    return response_of(request_timeout_exception{"Request Timeout"});
  }
  return unknown_error(exception, context);
}

}  // namespace nestcpp
