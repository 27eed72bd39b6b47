#include <nestcpp/observability/metric_sample.hpp>

namespace nestcpp {

void append_call_samples(std::vector<metric_sample>& to, const call_meter& meter, const std::string& name,
                         const metric_labels& labels, const std::string& what) {
  const auto count = [&](const char* result, std::uint64_t value) {
    metric_labels own = labels;
    own.emplace_back("result", result);
    to.push_back({name + "s_total", std::move(own), static_cast<double>(value), metric_kind::counter,
                  what + ", by how they ended"});
  };
  count("success", meter.succeeded());
  count("error", meter.failed());
  const call_meter::durations taken = meter.taken();
  to.push_back({name + "_duration_seconds",
                labels,
                0,
                metric_kind::histogram,
                "How long they took: " + what,
                {{call_meter::bounds.begin(), call_meter::bounds.end()},
                 {taken.counts.begin(), taken.counts.end()},
                 taken.seconds}});
}

}  // namespace nestcpp
