#pragma once
/// @file nestcpp/module/scope.hpp
/// @brief How many instances of a provider there are: NestJS's injection scopes.

#include <cstdint>

namespace nestcpp {

/// `provide<Cart>(scope::request)`. Default: singleton.
///
/// What depends on a request-scoped provider, through however many others, is request-scoped too, controllers included
/// ("bubbling"); so is what asks for `execution_context`, `rpc_context` or `http_context`.
enum class scope : std::uint8_t {
  singleton,  ///< One instance, built before the start; NestJS's DEFAULT.
  /// One instance per call (HTTP request, message, and of an event each handler's call), built when something in the
  /// call first asks for it and destroyed with the call. No lifecycle hooks are called.
  request,
  transient  ///< An instance of its own for each class that asks for it; lives as long as that.
};

}  // namespace nestcpp
