#pragma once
/// @file nestcpp/pipeline/logging_interceptor.hpp
/// @brief One log line a call: a message that succeeded at debug, one that failed at warn, with its duration.

#include <nestcpp/pipeline/interceptor.hpp>

namespace nestcpp {

/// HTTP calls are left to the access log where they succeed.
class logging_interceptor : public observer {
 public:
  void after(execution_context& context, const outcome& result) noexcept override;
};

}  // namespace nestcpp
