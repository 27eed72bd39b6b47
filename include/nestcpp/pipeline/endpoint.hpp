#pragma once
/// @file nestcpp/pipeline/endpoint.hpp
/// @brief A handler method behind one interface: arguments read, method called, result written.

#include <nestcpp/core/task.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <string>

namespace nestcpp {

/// @par Thread safety Safe: one endpoint serves all calls of its handler, from all loops at a time.
class endpoint {
 public:
  virtual ~endpoint() = default;
  /// Whether the handler is a plain function, so that `call` may be used.
  [[nodiscard]] virtual bool is_plain() const noexcept = 0;
  /// Appends the result's JSON to `out`; false: there is no result (void). @throws what reading and the handler throw
  virtual bool call(execution_context& context, std::string& out) const = 0;
  [[nodiscard]] virtual task<reply> call_async(execution_context& context) const = 0;
  /// The handler returns text, which HTTP sends as it is and not as JSON.
  [[nodiscard]] virtual bool returns_text() const noexcept = 0;
};

}  // namespace nestcpp
