#pragma once
/// @file nestcpp/messaging/contract.hpp
/// @brief Contracts: the pattern, request and reply of a message as one type that both sides use.

#include <nestcpp/core/fixed_string.hpp>

#include <string_view>
#include <type_traits>

namespace nestcpp {

/// A request with a reply: `using create_user = nest::message<"user.create", CreateUserDto, UserDto>;`. A pattern that
/// is JSON (`R"({"cmd":"sum"})"`) is NestJS's object pattern.
template <fixed_string Pattern, class Request, class Reply>
struct message {
  using request = Request;
  using reply_type = Reply;
  static constexpr bool is_event = false;
  static constexpr std::string_view pattern() { return Pattern.view(); }
};

/// A notification without a reply: `using user_created = nest::event<"user.created", UserCreatedEvent>;`.
template <fixed_string Pattern, class Payload>
struct event {
  using request = Payload;
  using reply_type = void;
  static constexpr bool is_event = true;
  static constexpr std::string_view pattern() { return Pattern.view(); }
};

template <class C>
concept contract = requires {
  typename C::request;
  typename C::reply_type;
  C::pattern();
  C::is_event;
};

}  // namespace nestcpp
