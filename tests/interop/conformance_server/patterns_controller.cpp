#include "patterns_controller.hpp"

#include "object_text.hpp"

namespace conformance {

json_text PatternsController::tell(const nest::rpc_context& context, json_text data) {
  return object_text({{"pat", json_text::of(context.get_pattern())}, {"d", std::move(data)}});
}

json_text PatternsController::tell_pattern(const nest::rpc_context& context) {
  return object_text({{"pat", json_text::of(context.get_pattern())}});
}

}  // namespace conformance
