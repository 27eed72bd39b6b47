#pragma once
/// @file nestcpp/pipeline/arguments.hpp
/// @brief Reads a handler's arguments from its call.

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/async_validation.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/json_member.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/dto/parse_text.hpp>
#include <nestcpp/dto/query.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/method_traits.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp::detail {

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

/// NestJS's parse pipes: "Validation failed (uuid is expected)".
[[noreturn]] void refuse_parameter(std::string_view expected);

/// What NestJS's pipes call the type.
template <class T>
constexpr std::string_view expected_text() {
  if constexpr (std::is_same_v<T, uuid>)
    return "uuid";
  else if constexpr (std::is_same_v<T, bool>)
    return "boolean string";
  else if constexpr (std::is_arithmetic_v<T>)
    return "numeric string";
  else if constexpr (std::is_enum_v<T>)
    return "enum string";
  else
    return "value";
}

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
struct argument_reader {
  static T read(execution_context& context, const handler_chain& chain) {
    if constexpr (extractable<T>) {
      static_assert(std::is_convertible_v<decltype(parameter_extractor<T>::extract(context)), T>,
                    "nestcpp: parameter_extractor<T>::extract returns a T");
      T extracted = parameter_extractor<T>::extract(context);
      auto& value = value_of(extracted);
      if (!chain.pipes().empty()) value = apply_pipes(chain, std::move(value), metadata);
      return extracted;
    } else {
      return read_body(context, chain);
    }
  }
  static auto& value_of(T& kept) noexcept {
    if constexpr (requires { typename T::nest_held; }) {
      return kept.value;
    } else {
      return kept;
    }
  }
  static constexpr argument_metadata metadata{
      extractable<T> ? argument_metadata::source::custom : argument_metadata::source::body, {}};

 private:
  static T read_body(execution_context& context, const handler_chain& chain) {
    if (chain.pipes().empty()) return from_json<T>(context.payload_text(), chain.validation());
    return apply_pipes(chain, from_json<T>(context.payload_text(), chain.validation()),
                       {argument_metadata::source::body, {}});
  }
};

template <fixed_string Name, class T, argument_metadata::source Source>
struct named_reader {
  static T& value_of(named_parameter<Name, T>& kept) noexcept { return kept.value; }
  static constexpr argument_metadata metadata{Source, Name.view()};
};

template <fixed_string Name, class T>
struct argument_reader<path<Name, T>> : named_reader<Name, T, argument_metadata::source::path> {
  static path<Name, T> read(execution_context& context, const handler_chain& chain) {
    return {{apply_pipes(chain, convert_text<T>(context.path_parameter(Name.view())),
                         {argument_metadata::source::path, Name.view()})}};
  }
};
template <fixed_string Name, class T>
struct argument_reader<query<Name, T>> : named_reader<Name, T, argument_metadata::source::query> {
  static query<Name, T> read(execution_context& context, const handler_chain& chain) {
    return {{apply_pipes(chain, convert_text<T>(context.query_parameter(Name.view())),
                         {argument_metadata::source::query, Name.view()})}};
  }
};
template <fixed_string Name, class T>
struct argument_reader<header<Name, T>> : named_reader<Name, T, argument_metadata::source::header> {
  static header<Name, T> read(execution_context& context, const handler_chain& chain) {
    return {{apply_pipes(chain, convert_text<T>(context.header(Name.view())),
                         {argument_metadata::source::header, Name.view()})}};
  }
};
template <fixed_string Name, class T>
struct argument_reader<payload<Name, T>> : named_reader<Name, T, argument_metadata::source::body> {
  static payload<Name, T> read(execution_context& context, const handler_chain& chain) {
    const std::string_view member = find_member(context.payload_text(), Name.view());
    return {{apply_pipes(chain, from_json<T>(member.empty() ? std::string_view{"null"} : member, chain.validation()),
                         {argument_metadata::source::body, Name.view()})}};
  }
};

template <class T>
struct argument_reader<query_of<T>> {
  static constexpr argument_metadata metadata{argument_metadata::source::query, {}};
  static query_of<T> read(execution_context& context, const handler_chain& chain) {
    static_assert(dto<T>,
                  "nestcpp: query_of<Dto>: the whole query string is read into a DTO, a class with a NEST_DTO(…)");
    return {{apply_pipes(chain, from_query<T>(context.query_parameters(), chain.validation()), metadata)}};
  }
  static T& value_of(query_of<T>& kept) noexcept { return kept.value; }
};
template <class T>
struct argument_reader<path_of<T>> {
  static constexpr argument_metadata metadata{argument_metadata::source::path, {}};
  static path_of<T> read(execution_context& context, const handler_chain& chain) {
    static_assert(dto<T>, "nestcpp: path_of<Dto>: all placeholders are read into a DTO, a class with a NEST_DTO(…)");
    query_pairs pairs;
    for_each_field<T>([&](const auto& field) {
      const std::string_view name = json_name_of(field);
      if (const auto text = context.path_parameter(name)) pairs.emplace_back(name, *text);
    });
    return {{apply_pipes(chain, from_query<T>(pairs, chain.validation()), metadata)}};
  }
  static T& value_of(path_of<T>& kept) noexcept { return kept.value; }
};

template <class Parameter, class... Pipes>
struct argument_reader<piped<Parameter, Pipes...>> {
  using kept = piped<Parameter, Pipes...>;
  using source = argument_reader<Parameter>;
  static kept read(execution_context& context, const handler_chain& chain) {
    using held = std::remove_cvref_t<decltype(source::value_of(std::declval<Parameter&>()))>;
    static_assert(
        !has_async_rules<held> || std::is_same_v<held, typename kept::type>,
        "nestcpp: piped<Dto, Pipe…>: the DTO has validate<…>() rules, which are asked after the pipes and could "
        "not be: take the DTO itself, or let the pipes return it");
    Parameter from = source::read(context, chain);
    return {run<Pipes...>(chain, std::move(source::value_of(from)))};
  }
  static typename kept::type& value_of(kept& argument) noexcept { return argument.value; }
  static constexpr argument_metadata metadata = source::metadata;

 private:
  template <class First, class... Rest, class T>
  static auto run(const handler_chain& chain, T value) {
    auto changed = chain.parameter_pipe<First>().transform(std::move(value), metadata);
    if constexpr (sizeof...(Rest) == 0)
      return changed;
    else
      return run<Rest...>(chain, std::move(changed));
  }
};

// What is kept for a parameter `A` while the handler runs.
template <class A>
decltype(auto) read_argument(execution_context& context, const handler_chain& chain) {
  if constexpr (kind_of<A>() == parameter_kind::context) {
    return dynamic_cast<A>(context);
  } else {
    return argument_reader<std::remove_cvref_t<A>>::read(context, chain);
  }
}

template <class A>
using kept_argument =
    decltype(read_argument<A>(std::declval<execution_context&>(), std::declval<const handler_chain&>()));

// What a parameter holds; contexts hold nothing.
template <class A>
struct argument_value {
  using kept = std::remove_cvref_t<kept_argument<A>>;
  using type = std::remove_cvref_t<decltype(argument_reader<std::remove_cvref_t<A>>::value_of(std::declval<kept&>()))>;
};
template <class A>
  requires(kind_of<A>() == parameter_kind::context)
struct argument_value<A> {
  using type = void;
};
template <class A>
using argument_value_t = typename argument_value<A>::type;

// What asynchronous pipes may change: all but contexts.
template <class A, class Kept>
void add_slot(std::vector<argument_slot>& slots, Kept& kept) {
  if constexpr (kind_of<A>() != parameter_kind::context) {
    using reader = argument_reader<std::remove_cvref_t<A>>;
    auto& value = reader::value_of(kept);
    slots.push_back({&value, &type_key<std::remove_cvref_t<decltype(value)>>, reader::metadata});
  }
}

}  // namespace nestcpp::detail
