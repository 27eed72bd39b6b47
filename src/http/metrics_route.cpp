#include <nestcpp/http/metrics_route.hpp>

#include <nestcpp/http/http_context.hpp>

#include <memory>
#include <stdexcept>
#include <utility>

namespace nestcpp {

namespace {

class metrics_endpoint final : public endpoint {
 public:
  metrics_endpoint(const metrics_registry& metrics, std::function<task<std::vector<metric_sample>>()> more)
      : metrics_{metrics}, more_{std::move(more)} {}
  [[nodiscard]] bool is_plain() const noexcept override { return false; }
  [[nodiscard]] bool returns_text() const noexcept override { return true; }
  bool call(execution_context&, std::string&) const override { throw std::logic_error{"it may suspend"}; }
  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    std::vector<metric_sample> samples;
    if (more_) samples = co_await more_();
    context.switch_to_http().response().headers.set("Content-Type", std::string{metrics_registry::content_type});
    co_return reply::from_text(metrics_.text(std::move(samples)));
  }

 private:
  const metrics_registry& metrics_;
  std::function<task<std::vector<metric_sample>>()> more_;
};

}  // namespace

void mount_metrics(http_dispatcher& dispatcher, const metrics_registry& metrics,
                   std::function<task<std::vector<metric_sample>>()> more, const std::string& path) {
  auto chain = std::make_shared<handler_chain>(handler_info{"MetricsController", "metrics", "GET " + path},
                                               std::vector<const enhancers*>{});
  chain->set_endpoint(std::make_unique<metrics_endpoint>(metrics, std::move(more)));
  dispatcher.add_route(http_method::get, path, std::move(chain), {.while_draining = true});
}

}  // namespace nestcpp
