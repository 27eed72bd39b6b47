#include <nestcpp/pipeline/logging_interceptor.hpp>

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>

namespace nestcpp {

void logging_interceptor::after(execution_context& context, const outcome& result) noexcept {
  static constexpr logger log{"LoggingInterceptor"};
  const auto level = result.succeeded() ? log_level::debug : log_level::warn;
  if (!logger::enabled(level)) return;
  const std::chrono::duration<double, std::milli> took = clock::now() - context.received_at();
  try {
    if (result.succeeded()) {
      log.debug("{} → {}.{} in {:.1f} ms", context.route(), context.get_class(), context.get_handler(), took.count());
    } else {
      log.warn("{} → {}.{} failed in {:.1f} ms: {}", context.route(), context.get_class(), context.get_handler(),
               took.count(), result.error->what());
    }
  } catch (...) {  // a line that cannot be formatted must not change the answer
  }
}

}  // namespace nestcpp
