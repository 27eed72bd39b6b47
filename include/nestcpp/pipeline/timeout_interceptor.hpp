#pragma once
/// @file nestcpp/pipeline/timeout_interceptor.hpp
/// @brief Limits how long a handler may take; the caller then gets 408 "Request Timeout".

#include <nestcpp/pipeline/interceptor.hpp>

namespace nestcpp {

/// Configured by the value of this type that is provided in a module; without one the limit is 10 s.
struct timeout_options {
  std::chrono::milliseconds limit{10000};  ///< Default: 10 s.
};

class timeout_interceptor : public time_limit {
 public:
  explicit timeout_interceptor(const timeout_options& options) : time_limit{options.limit} {}
};

}  // namespace nestcpp
