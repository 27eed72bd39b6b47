#pragma once
/// @file nestcpp/pipeline/arguments.hpp
/// @brief Reads a handler's arguments from its call.

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/dto/json_reader.hpp>
#include <nestcpp/dto/text_value.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/method_traits.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

/// NestJS's parse pipes: "Validation failed (uuid is expected)".
[[noreturn]] void refuse_parameter(std::string_view expected);

template <class T>
T convert_text(std::optional<std::string_view> text) {
  if constexpr (is_optional<T>::value) {
    if (!text) return std::nullopt;
    return convert_text<typename T::value_type>(text);
  } else {
    T value{};
    if (!text || !parse_text(*text, value)) refuse_parameter(expected_text<T>());
    return value;
  }
}

template <class T>
T apply_pipes(const handler_chain& chain, T value, argument_metadata metadata) {
  for (any_pipe* each : chain.pipes()) {
    if (auto* typed = dynamic_cast<pipe<T>*>(each)) value = typed->transform(std::move(value), metadata);
  }
  return value;
}

template <class T>
struct argument {  // the body
  static T read(execution_context& context, const handler_chain& chain) {
    if (chain.pipes().empty()) return from_json<T>(context.payload_text(), chain.validation());
    return apply_pipes(chain, from_json<T>(context.payload_text(), chain.validation()),
                       {argument_metadata::source::body, {}});
  }
};

template <fixed_string Name, class T>
struct argument<path<Name, T>> {
  static path<Name, T> read(execution_context& context, const handler_chain& chain) {
    return {{apply_pipes(chain, convert_text<T>(context.path_parameter(Name.view())),
                         {argument_metadata::source::path, Name.view()})}};
  }
};
template <fixed_string Name, class T>
struct argument<query<Name, T>> {
  static query<Name, T> read(execution_context& context, const handler_chain& chain) {
    return {{apply_pipes(chain, convert_text<T>(context.query_parameter(Name.view())),
                         {argument_metadata::source::query, Name.view()})}};
  }
};
template <fixed_string Name, class T>
struct argument<header<Name, T>> {
  static header<Name, T> read(execution_context& context, const handler_chain& chain) {
    return {{apply_pipes(chain, convert_text<T>(context.header(Name.view())),
                         {argument_metadata::source::header, Name.view()})}};
  }
};
template <fixed_string Name, class T>
struct argument<payload<Name, T>> {
  static payload<Name, T> read(execution_context& context, const handler_chain& chain) {
    const std::string_view member = find_member(context.payload_text(), Name.view());
    return {{apply_pipes(chain, from_json<T>(member.empty() ? std::string_view{"null"} : member, chain.validation()),
                         {argument_metadata::source::body, Name.view()})}};
  }
};

// What is kept for a parameter `A` while the handler runs.
template <class A>
decltype(auto) read_argument(execution_context& context, const handler_chain& chain) {
  if constexpr (kind_of<A>() == parameter_kind::context) {
    return dynamic_cast<A>(context);
  } else {
    return argument<std::remove_cvref_t<A>>::read(context, chain);
  }
}

template <class A>
using kept_argument = decltype(read_argument<A>(std::declval<execution_context&>(), std::declval<const handler_chain&>()));

}  // namespace nestcpp::detail
