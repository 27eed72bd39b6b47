#include "core/thread_name.hpp"

#include <string>

#include <pthread.h>

namespace nestcpp::detail {

void name_this_thread(std::string_view name, std::size_t index) {
  constexpr std::size_t longest = 15;  // Linux
  const std::string suffix = "-" + std::to_string(index);
  const std::string text = std::string{name.substr(0, longest - suffix.size())} + suffix;
#if defined(__APPLE__)
  ::pthread_setname_np(text.c_str());
#else
  ::pthread_setname_np(::pthread_self(), text.c_str());
#endif
}

}  // namespace nestcpp::detail
