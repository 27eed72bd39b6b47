#include "values_controller.hpp"

#include "object_text.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace conformance {

json_text ValuesController::bigint() { throw std::runtime_error{"Do not know how to serialize a BigInt"}; }

Numbers ValuesController::nan() {
  return {std::numeric_limits<double>::quiet_NaN(),
          std::numeric_limits<double>::infinity(),
          std::nullopt,
          {std::nullopt, std::nullopt},
          -0.0,
          1e21,
          1e-7,
          0.1 + 0.2};
}

std::string ValuesController::esc() { return std::string{"\"\\/\b\f\n\r\t"} + '\0' + "\x1f\x7f\u2028"; }

nest::task<json_text> ValuesController::slow(json_text milliseconds) {
  double wait = 0;  // as setTimeout takes what is no number
  nest::json_cursor{milliseconds.text()}.read_number(wait);
  co_await nest::sleep_for(std::chrono::milliseconds{static_cast<int>(std::clamp(wait, 0.0, 60000.0))});
  co_return milliseconds;
}

json_text ValuesController::ctxmeta(const nest::rpc_context& context) {
  const auto meta = json_text::parse(context.get_metadata());
  return object_text(
      {{"meta", meta.has_value() ? meta : json_text::of(std::string{"undefined"})}, {"args", json_text::of(3)}});
}

}  // namespace conformance
