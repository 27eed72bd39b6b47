#include <nestcpp/observability/metrics_registry.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nestcpp {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MetricsRegistry, ShowsWhatItWasGiven) {
  metrics_registry metrics;
  metrics.counter("orders_taken_total", "Orders that were taken", {{"kind", "express"}}).increment(3);
  metrics.gauge("queue_length_orders", "Orders that wait").set(2.5);
  metric_histogram& sizes = metrics.histogram("order_size_bytes", "How large orders are", {10, 100});
  sizes.observe(5);
  sizes.observe(50);
  sizes.observe(500);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP orders_taken_total Orders that were taken\n# TYPE orders_taken_total counter\n"
                              "orders_taken_total{kind=\"express\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("queue_length_orders 2.5\n"));
  EXPECT_THAT(text, HasSubstr("order_size_bytes_bucket{le=\"10\"} 1\norder_size_bytes_bucket{le=\"100\"} 2\n"
                              "order_size_bytes_bucket{le=\"+Inf\"} 3\n"));
}

TEST(MetricsRegistry, GivesTheSameMetricForTheSameNameAndLabels) {
  metrics_registry metrics;
  metric_counter& one = metrics.counter("a_total", "x", {{"p", "1"}, {"q", "2"}});
  EXPECT_EQ(&one, &metrics.counter("a_total", "x", {{"q", "2"}, {"p", "1"}}));
  EXPECT_NE(&one, &metrics.counter("a_total", "x", {{"p", "1"}}));
  one.increment(-5);
  EXPECT_EQ(one.value(), 0);
}

TEST(MetricsRegistry, RefusesWhatPrometheusDoesNotTake) {
  metrics_registry metrics;
  EXPECT_THROW(metrics.counter("orders-taken", "x"), std::invalid_argument);
  EXPECT_THROW(metrics.counter("1st_total", "x"), std::invalid_argument);
  EXPECT_THROW(metrics.gauge("g", "x", {{"__name", "x"}}), std::invalid_argument);
  EXPECT_THROW(metrics.gauge("g", "x", {{"a-b", "x"}}), std::invalid_argument);
  EXPECT_THROW(metrics.histogram("h", "x", {}), std::invalid_argument);
  EXPECT_THROW(metrics.histogram("h", "x", {1, 1}), std::invalid_argument);
  metrics.counter("taken_total", "x");
  EXPECT_THROW(metrics.gauge("taken_total", "x"), std::invalid_argument);
}

TEST(MetricsRegistry, AsksItsCollectorsAtEachFetch) {
  metrics_registry metrics;
  int asked = 0;
  metrics.collect([&asked]() -> std::vector<metric_sample> {
    return {{"asked_total", {{"text", "a\"b\\c\nd"}}, static_cast<double>(++asked), metric_kind::counter, "How often"}};
  });
  EXPECT_THAT(metrics.text(), HasSubstr("asked_total{text=\"a\\\"b\\\\c\\nd\"} 1\n"));
  EXPECT_THAT(metrics.text({{"more", {}, 7, metric_kind::gauge, "More"}}),
              testing::AllOf(HasSubstr("} 2\n"), HasSubstr("\nmore 7\n"), Not(HasSubstr("} 1\n"))));
}

TEST(ProcessMetrics, TellOfThisProcess) {
  const auto samples = process_metrics();
  const auto value = [&](std::string_view name) {
    for (const auto& each : samples) {
      if (each.name == name) return each.value;
    }
    return -1.0;
  };
  EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(value("process_open_fds"), 3);
  EXPECT_GT(value("process_max_fds"), 3);
  EXPECT_GE(value("process_threads"), 1);
  EXPECT_GT(value("process_start_time_seconds"), 1.7e9);
}

}  // namespace
}  // namespace nestcpp
