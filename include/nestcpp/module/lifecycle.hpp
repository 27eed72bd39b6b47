#pragma once
/// @file nestcpp/module/lifecycle.hpp
/// @brief Lifecycle hooks, found by their names: a provider, controller or module needs no base class for them.
///
/// Each may return `void` or `task<>`, and is public:
///  - `on_module_init()`: every provider is built;
///  - `on_application_bootstrap()`: every `on_module_init` has ended, listeners are still closed;
///  - `on_module_destroy()`: the shutdown begins;
///  - `before_application_shutdown(std::string_view signal)`: listeners and connections are about to close;
///  - `on_application_shutdown(std::string_view signal)`: they are closed.
/// `signal` ("SIGTERM"; empty without one) lives until the hook has ended, and the parameter may be left out. A member
/// with one of these names and any other shape does not compile.

#include <nestcpp/core/task.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace nestcpp {

enum class lifecycle_phase : std::uint8_t {
  module_init,
  application_bootstrap,
  module_destroy,
  before_application_shutdown,
  application_shutdown
};

/// The hook's name: "on_module_init".
[[nodiscard]] constexpr std::string_view hook_name(lifecycle_phase phase) {
  constexpr std::string_view names[]{"on_module_init", "on_application_bootstrap", "on_module_destroy",
                                     "before_application_shutdown", "on_application_shutdown"};
  return names[static_cast<std::size_t>(phase)];
}

namespace detail {

/// One hook of one class; at most one of the two is set.
struct lifecycle_hook {
  void (*plain)(void* object, std::string_view signal) = nullptr;
  task<void> (*awaited)(void* object, std::string_view signal) = nullptr;
};
using lifecycle_hooks = std::array<lifecycle_hook, 5>;  // indexed by lifecycle_phase

// A class that has a member of one of these names makes the name ambiguous in `hook_name_probe`.
struct hook_names {
  int on_module_init, on_application_bootstrap, on_module_destroy, before_application_shutdown, on_application_shutdown;
};
template <class T>
struct hook_name_probe : T, hook_names {};

template <class T>
inline constexpr bool can_probe_names = std::is_class_v<T> && !std::is_final_v<T>;

template <class T, class Call>
constexpr lifecycle_hook make_hook(Call) {
  using result = std::invoke_result_t<Call, T&, std::string_view>;
  static_assert(std::is_void_v<result> || std::is_same_v<result, task<void>>,
                "nestcpp: a lifecycle hook returns void or nestcpp::task<>.");
  if constexpr (std::is_void_v<result>) {
    return {.plain = [](void* object, std::string_view signal) { Call{}(*static_cast<T*>(object), signal); }};
  } else {
    return {.awaited = [](void* object, std::string_view signal) { return Call{}(*static_cast<T*>(object), signal); }};
  }
}

#define NESTCPP_DETAIL_FIND_HOOK(name)                                                                     \
  template <class T>                                                                                       \
  constexpr lifecycle_hook find_##name() {                                                                 \
    if constexpr (requires(T& object) { object.name(); }) {                                                \
      return make_hook<T>([](T& object, std::string_view) { return object.name(); });                      \
    } else if constexpr (NESTCPP_DETAIL_SIGNAL &&                                                          \
                         requires(T& object, std::string_view signal) { object.name(signal); }) {          \
      return make_hook<T>([](T& object, std::string_view signal) { return object.name(signal); });         \
    } else {                                                                                               \
      if constexpr (can_probe_names<T>) {                                                                  \
        static_assert(                                                                                     \
            requires { &hook_name_probe<T>::name; },                                                       \
            "nestcpp: this class's " #name                                                                 \
            " cannot be called as a lifecycle hook: make it a public member "                              \
            "function that returns void or task<>, without parameters (the two shutdown hooks may take a " \
            "std::string_view), or rename it.");                                                           \
      }                                                                                                    \
      return {};                                                                                           \
    }                                                                                                      \
  }
#define NESTCPP_DETAIL_SIGNAL false
NESTCPP_DETAIL_FIND_HOOK(on_module_init)
NESTCPP_DETAIL_FIND_HOOK(on_application_bootstrap)
NESTCPP_DETAIL_FIND_HOOK(on_module_destroy)
#undef NESTCPP_DETAIL_SIGNAL
#define NESTCPP_DETAIL_SIGNAL true
NESTCPP_DETAIL_FIND_HOOK(before_application_shutdown)
NESTCPP_DETAIL_FIND_HOOK(on_application_shutdown)
#undef NESTCPP_DETAIL_SIGNAL
#undef NESTCPP_DETAIL_FIND_HOOK

template <class T>
constexpr lifecycle_hooks find_hooks() {
  if constexpr (std::is_class_v<T>) {
    return {find_on_module_init<T>(), find_on_application_bootstrap<T>(), find_on_module_destroy<T>(),
            find_before_application_shutdown<T>(), find_on_application_shutdown<T>()};
  } else {
    return {};
  }
}

/// The hooks of `T`, called with a pointer to a `T`.
template <class T>
inline constexpr lifecycle_hooks lifecycle_hooks_of = find_hooks<T>();

}  // namespace detail
}  // namespace nestcpp
