#pragma once
/// @file nestcpp/observability/metrics_registry.hpp
/// @brief A service's own metrics, and the text in which Prometheus fetches all of them.

#include <nestcpp/core/task.hpp>
#include <nestcpp/observability/metric_sample.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp {

/// Only grows. @par Thread safety Safe. @par Lifetime As long as the registry.
class metric_counter {
 public:
  virtual ~metric_counter() = default;
  /// @param by not negative; what is negative is ignored
  virtual void increment(double by = 1) noexcept = 0;
  [[nodiscard]] virtual double value() const noexcept = 0;
};

/// Goes up and down. @par Thread safety Safe. @par Lifetime As long as the registry.
class metric_gauge {
 public:
  virtual ~metric_gauge() = default;
  virtual void set(double value) noexcept = 0;
  virtual void increment(double by = 1) noexcept = 0;
  virtual void decrement(double by = 1) noexcept = 0;
  [[nodiscard]] virtual double value() const noexcept = 0;
};

/// Counts values by their size. @par Thread safety Safe. @par Lifetime As long as the registry.
class metric_histogram {
 public:
  virtual ~metric_histogram() = default;
  virtual void observe(double value) noexcept = 0;
};

/// What applications provide for injection, and `/metrics` shows:
///
///     explicit OrdersService(nest::metrics_registry& metrics)
///         : taken_{metrics.counter("orders_taken_total", "Orders that were taken")} {}
///
/// Keep the references: each call looks its metric up. The same name with other labels is another metric of the family.
/// @par Thread safety Safe.
class metrics_registry {
 public:
  metrics_registry();
  ~metrics_registry();
  metrics_registry(const metrics_registry&) = delete;
  metrics_registry& operator=(const metrics_registry&) = delete;

  /// @param name Prometheus': letters, digits and `_`; of a counter it ends in `_total`; units in it (`_seconds`)
  /// @param help one sentence, shown beside it
  /// @throws std::invalid_argument for names or labels that Prometheus does not take, and for a name that another kind
  /// of metric has
  metric_counter& counter(const std::string& name, const std::string& help, const metric_labels& labels = {});
  metric_gauge& gauge(const std::string& name, const std::string& help, const metric_labels& labels = {});
  /// @param bounds upper bounds of the sizes told apart, ascending
  metric_histogram& histogram(const std::string& name, const std::string& help, std::vector<double> bounds,
                              const metric_labels& labels = {});

  /// Figures that are kept elsewhere: asked for at each fetch, on an event loop, so that it must not block.
  /// @par Lifetime What it refers to must outlive the registry's use.
  void collect(std::function<std::vector<metric_sample>()> collector);
  /// The same for figures that have to be awaited, such as a query's. One that throws is left out, and logged.
  void collect_async(std::function<task<std::vector<metric_sample>>()> collector);
  /// What those give, one after the other; `/metrics` hands it to `text`.
  [[nodiscard]] task<std::vector<metric_sample>> gather() const;

  /// All of it, in Prometheus' text format (version 0.0.4), families in the order of their names.
  /// @param more samples to be shown, too
  [[nodiscard]] std::string text(std::vector<metric_sample> more = {}) const;
  /// Its content type.
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// This process by the names that Prometheus' clients give: `process_cpu_seconds_total`,
/// `process_resident_memory_bytes`, `process_open_fds`, …. Empty where the system has no /proc.
[[nodiscard]] std::vector<metric_sample> process_metrics();

}  // namespace nestcpp
