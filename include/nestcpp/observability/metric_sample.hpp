#pragma once
/// @file nestcpp/observability/metric_sample.hpp
/// @brief A figure under a name and labels, as exporters of metrics walk over them.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

enum class metric_kind : std::uint8_t {
  counter,  ///< only grows; the name ends in `_total`
  gauge,    ///< goes up and down
};

/// Names and labels are Prometheus': `[a-z_]+`, units in the name.
struct metric_sample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  metric_kind kind = metric_kind::counter;
};

}  // namespace nestcpp
