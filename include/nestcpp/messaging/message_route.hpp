#pragma once
/// @file nestcpp/messaging/message_route.hpp
/// @brief What NEST_MESSAGE_PATTERN and NEST_EVENT_PATTERN make of a method.

#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/pipeline/decorator_option.hpp>
#include <nestcpp/pipeline/method_traits.hpp>

#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// A method bound to a contract. Made without a macro by `make_message_route<&UsersController::create,
/// create_user>("create")`.
template <auto Method, contract Contract, class... Options>
struct message_route {
  static constexpr auto method = Method;
  using contract_type = Contract;
  std::string_view name;
  std::tuple<Options...> options;
};

namespace detail {

template <auto Method>
constexpr bool message_parameters_fit() {
  using traits = traits_of<Method>;
  return traits::parameters_fit && traits::count(parameter_kind::body) <= 1 &&
         traits::count(parameter_kind::path) == 0 && traits::count(parameter_kind::query) == 0 &&
         traits::count(parameter_kind::header) == 0 && traits::count(parameter_kind::http_custom) == 0;
}

template <auto Method, class Contract>
constexpr bool request_matches() {
  using body = typename traits_of<Method>::body;
  return std::is_void_v<body> || std::is_same_v<body, typename Contract::request>;
}

template <auto Method, class Contract>
constexpr bool reply_matches() {
  using value = typename traits_of<Method>::value;
  return Contract::is_event || std::is_same_v<value, typename Contract::reply_type> ||
         std::is_same_v<value, std::optional<typename Contract::reply_type>>;
}

}  // namespace detail

template <auto Method, contract Contract, class... Options>
[[nodiscard]] constexpr message_route<Method, Contract, Options...> make_message_route(std::string_view name,
                                                                                       Options... options) {
  static_assert(detail::is_handler_method<Method>(),
                "nestcpp: make_message_route<&C::method, …>: name a member function");
  static_assert(detail::message_parameters_fit<Method>(),
                "nestcpp: make_message_route: parameters of a message handler are payload<>, contexts (by reference), "
                "types with a parameter_extractor and at most one payload, by value or const&");
  static_assert(detail::request_matches<Method, Contract>(),
                "nestcpp: make_message_route: the payload parameter is not the request of the contract");
  static_assert(detail::reply_matches<Method, Contract>(),
                "nestcpp: make_message_route: the return type is not the reply of the contract");
  static_assert((std::is_base_of_v<detail::enhancer_option, Options> && ...),
                "nestcpp: make_message_route: options are use_guards<…>(), use_interceptors<…>(), use_pipes<…>(), "
                "use_filters<…>(), set_metadata(…)");
  return {name, {std::move(options)...}};
}

}  // namespace nestcpp
