// The only file that includes prometheus-cpp.
#include <nestcpp/observability/metrics_registry.hpp>

#include <nestcpp/core/log.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace nestcpp {

namespace {

constexpr logger log{"Metrics"};

class counter_handle final : public metric_counter {
 public:
  explicit counter_handle(prometheus::Counter& to) : to_{to} {}
  void increment(double by) noexcept override {
    if (by >= 0) to_.Increment(by);
  }
  [[nodiscard]] double value() const noexcept override { return to_.Value(); }

 private:
  prometheus::Counter& to_;
};

class gauge_handle final : public metric_gauge {
 public:
  explicit gauge_handle(prometheus::Gauge& to) : to_{to} {}
  void set(double value) noexcept override { to_.Set(value); }
  void increment(double by) noexcept override { to_.Increment(by); }
  void decrement(double by) noexcept override { to_.Decrement(by); }
  [[nodiscard]] double value() const noexcept override { return to_.Value(); }

 private:
  prometheus::Gauge& to_;
};

class histogram_handle final : public metric_histogram {
 public:
  explicit histogram_handle(prometheus::Histogram& to) : to_{to} {}
  void observe(double value) noexcept override { to_.Observe(value); }

 private:
  prometheus::Histogram& to_;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void check(const std::string& name, const metric_labels& labels) {
  const auto is_name = [](std::string_view text, bool colons) {
    if (text.empty() || !(is_letter(text[0]) || (colons && text[0] == ':'))) return false;
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || (colons && c == ':'); });
  };
  if (!is_name(name, true)) {
    throw std::invalid_argument{"a metric cannot be named '" + name + "': letters, digits and '_', no digit first"};
  }
  for (const auto& [key, value] : labels) {
    if (!is_name(key, false) || key.starts_with("__")) {
      throw std::invalid_argument{"a label of " + name + " cannot be named '" + key +
                                  "': letters, digits and '_', no digit and no '__' first"};
    }
  }
}

prometheus::ClientMetric to_metric(const metric_sample& sample) {
  prometheus::ClientMetric metric;
  for (const auto& [key, value] : sample.labels) metric.label.push_back({key, value});
  switch (sample.kind) {
    case metric_kind::counter: metric.counter.value = sample.value; break;
    case metric_kind::gauge: metric.gauge.value = sample.value; break;
    case metric_kind::histogram: {
      std::uint64_t count = 0;
      for (std::size_t i = 0; i < sample.distribution.counts.size(); ++i) {
        count += sample.distribution.counts[i];
        const bool last = i >= sample.distribution.bounds.size();
        metric.histogram.bucket.push_back(
            {count, last ? std::numeric_limits<double>::infinity() : sample.distribution.bounds[i]});
      }
      metric.histogram.sample_count = count;
      metric.histogram.sample_sum = sample.distribution.sum;
    }
  }
  return metric;
}

prometheus::MetricType type_of(metric_kind kind) {
  switch (kind) {
    case metric_kind::counter: return prometheus::MetricType::Counter;
    case metric_kind::gauge: return prometheus::MetricType::Gauge;
    case metric_kind::histogram: break;
  }
  return prometheus::MetricType::Histogram;
}

}  // namespace

struct metrics_registry::impl {
  template <class Handle, class Make>
  auto& get(std::map<std::pair<std::string, metric_labels>, std::unique_ptr<Handle>>& from, const std::string& name,
            metric_kind kind, const metric_labels& labels, const Make& make) {
    check(name, labels);
    metric_labels sorted = labels;
    std::sort(sorted.begin(), sorted.end());
    const std::lock_guard lock{mutex};
    const auto [known, added] = kinds.emplace(name, kind);
    if (known->second != kind) throw std::invalid_argument{"two kinds of metrics are named '" + name + "'"};
    auto& found = from[{name, sorted}];
    if (!found) found = make();
    return *found;
  }

  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, metric_kind> kinds;
  std::map<std::pair<std::string, metric_labels>, std::unique_ptr<counter_handle>> counters;
  std::map<std::pair<std::string, metric_labels>, std::unique_ptr<gauge_handle>> gauges;
  std::map<std::pair<std::string, metric_labels>, std::unique_ptr<histogram_handle>> histograms;
  std::vector<std::function<std::vector<metric_sample>()>> collectors;
  std::vector<std::function<task<std::vector<metric_sample>>()>> async_collectors;
};

metrics_registry::metrics_registry() : impl_{std::make_unique<impl>()} {}
metrics_registry::~metrics_registry() = default;

metric_counter& metrics_registry::counter(const std::string& name, const std::string& help,
                                          const metric_labels& labels) {
  return impl_->get(impl_->counters, name, metric_kind::counter, labels, [&] {
    return std::make_unique<counter_handle>(
        prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry).Add({labels.begin(), labels.end()}));
  });
}

metric_gauge& metrics_registry::gauge(const std::string& name, const std::string& help, const metric_labels& labels) {
  return impl_->get(impl_->gauges, name, metric_kind::gauge, labels, [&] {
    return std::make_unique<gauge_handle>(
        prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry).Add({labels.begin(), labels.end()}));
  });
}

metric_histogram& metrics_registry::histogram(const std::string& name, const std::string& help,
                                              std::vector<double> bounds, const metric_labels& labels) {
  if (bounds.empty() || !std::is_sorted(bounds.begin(), bounds.end(), std::less_equal<>{})) {
    throw std::invalid_argument{"the bounds of " + name + " do not ascend"};
  }
  return impl_->get(impl_->histograms, name, metric_kind::histogram, labels, [&] {
    return std::make_unique<histogram_handle>(prometheus::BuildHistogram()
                                                  .Name(name)
                                                  .Help(help)
                                                  .Register(impl_->registry)
                                                  .Add({labels.begin(), labels.end()}, bounds));
  });
}

void metrics_registry::collect(std::function<std::vector<metric_sample>()> collector) {
  const std::lock_guard lock{impl_->mutex};
  impl_->collectors.push_back(std::move(collector));
}

void metrics_registry::collect_async(std::function<task<std::vector<metric_sample>>()> collector) {
  const std::lock_guard lock{impl_->mutex};
  impl_->async_collectors.push_back(std::move(collector));
}

task<std::vector<metric_sample>> metrics_registry::gather() const {
  std::vector<std::function<task<std::vector<metric_sample>>()>> collectors;
  {
    const std::lock_guard lock{impl_->mutex};
    collectors = impl_->async_collectors;
  }
  std::vector<metric_sample> all;
  for (const auto& each : collectors) {
    try {
      std::vector<metric_sample> samples = co_await each();
      std::move(samples.begin(), samples.end(), std::back_inserter(all));
    } catch (const std::exception& failure) {
      log.warn("some metrics could not be collected: {}", failure.what());
    }
  }
  co_return all;
}

std::string metrics_registry::text(std::vector<metric_sample> more) const {
  std::vector<std::function<std::vector<metric_sample>()>> collectors;
  {
    const std::lock_guard lock{impl_->mutex};
    collectors = impl_->collectors;
  }
  for (const auto& each : collectors) {
    auto samples = each();
    std::move(samples.begin(), samples.end(), std::back_inserter(more));
  }
  std::map<std::string, prometheus::MetricFamily> families;
  for (auto& family : impl_->registry.Collect()) families.emplace(family.name, std::move(family));
  for (const metric_sample& sample : more) {
    prometheus::MetricFamily& family = families[sample.name];
    if (family.name.empty()) {
      family.name = sample.name;
      family.help = sample.help;
      family.type = type_of(sample.kind);
    }
    if (family.type == type_of(sample.kind)) family.metric.push_back(to_metric(sample));
  }
  std::vector<prometheus::MetricFamily> all;
  all.reserve(families.size());
  for (auto& [name, family] : families) all.push_back(std::move(family));
  return prometheus::TextSerializer{}.Serialize(all);
}

}  // namespace nestcpp
