#include <nestcpp/http/health_routes.hpp>

#include <nestcpp/http/http_context.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

namespace {

void answer_with(execution_context& context, int status) {
  http_response& response = context.switch_to_http().response();
  response.status = status;
  response.headers.set("Cache-Control", "no-cache, no-store, must-revalidate");
}

class ready_endpoint final : public endpoint {
 public:
  explicit ready_endpoint(const health_check& health) : health_{health} {}
  [[nodiscard]] bool is_plain() const noexcept override { return false; }
  [[nodiscard]] bool returns_text() const noexcept override { return false; }
  bool call(execution_context&, std::string&) const override { throw std::logic_error{"indicators may suspend"}; }
  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    health_check::result result = co_await health_.check();
    answer_with(context, result.status);
    co_return reply::from_value(std::move(result.body));
  }

 private:
  const health_check& health_;
};

class live_endpoint final : public endpoint {
 public:
  explicit live_endpoint(const health_check& health) : health_{health} {}
  [[nodiscard]] bool is_plain() const noexcept override { return true; }
  [[nodiscard]] bool returns_text() const noexcept override { return false; }
  bool call(execution_context& context, std::string& out) const override {
    health_check::result result = health_.check_live();
    answer_with(context, result.status);
    out += reply::from_value(std::move(result.body)).text();
    return true;
  }
  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    std::string out;
    call(context, out);
    co_return reply::from_text(std::move(out));
  }

 private:
  const health_check& health_;
};

template <class Endpoint>
void add(http_dispatcher& to, std::string_view path, const char* method, const health_check& health) {
  auto chain = std::make_shared<handler_chain>(handler_info{"HealthController", method, "GET " + std::string{path}},
                                               std::vector<const enhancers*>{});
  chain->set_endpoint(std::make_unique<Endpoint>(health));
  to.add_route(http_method::get, path, std::move(chain), {.while_draining = true});
}

}  // namespace

void mount_health(http_dispatcher& dispatcher, const health_check& health) {
  add<ready_endpoint>(dispatcher, "/health", "check", health);
  add<ready_endpoint>(dispatcher, "/health/ready", "ready", health);
  add<live_endpoint>(dispatcher, "/health/live", "live", health);
}

}  // namespace nestcpp
