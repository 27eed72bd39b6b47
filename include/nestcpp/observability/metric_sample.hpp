#pragma once
/// @file nestcpp/observability/metric_sample.hpp
/// @brief A figure under a name and labels, as exporters of metrics walk over them.

#include <nestcpp/core/call_meter.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

enum class metric_kind : std::uint8_t {
  counter,    ///< only grows; the name ends in `_total`
  gauge,      ///< goes up and down
  histogram,  ///< how often values were observed, by size
};

using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// How often values up to each bound were observed.
struct metric_distribution {
  std::vector<double> bounds;         ///< ascending, without infinity
  std::vector<std::uint64_t> counts;  ///< of each bound by itself, and one more for all above
  double sum = 0;
};

/// Names and labels are Prometheus': `[a-z_]+`, units in the name.
struct metric_sample {
  std::string name;
  metric_labels labels;
  double value = 0;  ///< not of histograms
  metric_kind kind = metric_kind::counter;
  std::string help{};                  ///< what it counts; that of the first sample of a name is shown
  metric_distribution distribution{};  ///< of histograms
};

/// Two samples of `meter`: how many calls succeeded and failed is in the label `result` of `<name>s_total`, how long
/// they took in the histogram `<name>_duration_seconds`.
void append_call_samples(std::vector<metric_sample>& to, const call_meter& meter, const std::string& name,
                         const metric_labels& labels, const std::string& what);

}  // namespace nestcpp
