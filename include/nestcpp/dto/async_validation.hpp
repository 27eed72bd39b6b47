#pragma once
/// @file nestcpp/dto/async_validation.hpp
/// @brief For the pipeline: asks a DTO's asynchronous rules, `validate<Class>()`.

#include <nestcpp/core/task.hpp>
#include <nestcpp/dto/async_validators.hpp>
#include <nestcpp/dto/detail/explain_rule.hpp>
#include <nestcpp/dto/detail/object_codec.hpp>
#include <nestcpp/dto/detail/transforms.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/rules/validate.hpp>
#include <nestcpp/dto/tagged_variant.hpp>
#include <nestcpp/dto/validation.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nestcpp {

namespace detail {

template <class R>
inline constexpr bool is_async_rule = requires { typename R::validator; };

template <class V>
struct alternatives_of;
template <class... T>
struct alternatives_of<std::variant<T...>> {
  template <class Visit>
  static constexpr void each(Visit visit) {
    (visit(std::type_identity<T>{}), ...);
  }
};
template <class V>
  requires is_tagged_variant<V>
struct alternatives_of<V> : alternatives_of<typename V::base> {};

// Calls visit(type_identity<Class>) for each asynchronous rule of a type and of the DTOs inside it. `Seen` are the DTOs
// that have been entered: a DTO may hold its own kind.
template <class V, class... Seen, class Visit>
constexpr void visit_async_rules(Visit& visit) {
  if constexpr (is_optional_type<V>) {
    visit_async_rules<without_optional_t<V>, Seen...>(visit);
  } else if constexpr (is_item_container<V> && !std::is_same_v<V, boost::json::value>) {
    visit_async_rules<item_type<V>, Seen...>(visit);
  } else if constexpr (is_variant<V> || is_tagged_variant<V>) {
    alternatives_of<V>::each([&visit]<class A>(std::type_identity<A>) { visit_async_rules<A, Seen...>(visit); });
  } else if constexpr (dto<V> && !(std::is_same_v<V, Seen> || ...)) {
    std::apply(
        [&visit]<class... Field>(const Field&...) {
          (
              [&visit]<auto Member, class... R>(const dto_field<Member, R...>*) {
                (
                    [&visit]<class Rule>(std::type_identity<Rule>) {
                      if constexpr (is_async_rule<Rule>) visit(std::type_identity<typename Rule::validator>{});
                    }(std::type_identity<R>{}),
                    ...);
                visit_async_rules<typename dto_field<Member, R...>::value_type, Seen..., V>(visit);
              }(static_cast<const Field*>(nullptr)),
              ...);
        },
        dto_fields<V>);
  }
}

template <class V>
consteval bool find_async_rules() {
  bool found = false;
  auto visit = [&found](auto) { found = true; };
  visit_async_rules<V>(visit);
  return found;
}
// Whether a handler that takes a `V` must wait for its rules.
template <class V>
inline constexpr bool has_async_rules = find_async_rules<V>();

template <class V>
boost::json::value document_of(const V& value) {
  boost::json::value document;
  static_cast<void>(load_document(to_json(value), std::numeric_limits<unsigned>::max(), document));
  return document;
}

template <class Class, class V>
task<bool> ask(Class& validator, const V& value, const message_arguments& arguments) {
  if constexpr (requires { validator.validate(value, arguments); }) {
    co_return co_await validator.validate(value, arguments);
  } else {
    static_assert(
        requires { validator.validate(value); },
        "nestcpp: validate<Class>(): Class needs `nest::task<bool> validate(const T&)` of the member's type, "
        "or of its items' for each(validate<Class>())");
    co_return co_await validator.validate(value);
  }
}

// Whether the value, or each of its items, passes.
template <unsigned Levels, class Class, class V>
task<bool> ask_items(Class& validator, const V& value, const message_arguments& arguments) {
  if constexpr (is_optional_type<V>) {
    if (!value) co_return true;
    co_return co_await ask_items<Levels>(validator, *value, arguments);
  } else if constexpr (Levels == 0) {
    co_return co_await ask(validator, value, arguments);
  } else {
    for (const auto& entry : value) {
      bool passed = false;
      if constexpr (is_string_map<V>) {
        passed = co_await ask_items<Levels - 1>(validator, entry.second, arguments);
      } else {
        const item_type<V>& item = entry;
        passed = co_await ask_items<Levels - 1>(validator, item, arguments);
      }
      if (!passed) co_return false;
    }
    co_return true;
  }
}

struct async_run {
  const async_validators& validators;
  const validation_options& options;
};

template <dto T>
task<void> validate_object(const T& object, async_run run, std::vector<validation_error>& errors);

// The DTOs inside a value.
template <class V>
task<void> validate_nested(const V& value, async_run run, std::vector<validation_error>& errors) {
  if constexpr (!has_async_rules<V>) {
    co_return;  // such as the number beside a DTO in a variant
  } else if constexpr (is_optional_type<V>) {
    if (value) co_await validate_nested(*value, run, errors);
  } else if constexpr (is_tagged_variant<V>) {
    const typename V::base& base = value;
    co_await validate_nested(base, run, errors);
  } else if constexpr (is_variant<V>) {
    task<void> held = std::visit([&](const auto& it) { return validate_nested(it, run, errors); }, value);
    co_await std::move(held);
  } else if constexpr (dto<V>) {
    co_await validate_object(value, run, errors);
  } else if constexpr (is_string_map<V>) {
    for (const auto& [key, item] : value) {
      validation_error error{key};
      co_await validate_nested(item, run, error.children);
      keep_error(errors, std::move(error));
    }
  } else {
    std::size_t index = 0;
    for (const auto& item : value) {
      validation_error error{std::to_string(index++)};
      co_await validate_nested(item, run, error.children);
      keep_error(errors, std::move(error));
    }
  }
}

template <class Rule, class V>
task<void> validate_rule(const Rule& rule, const V& member, const property_context& context, async_run run,
                         validation_error& error) {
  if constexpr (is_async_rule<Rule>) {
    using validator = typename Rule::validator;
    if (run.options.stop_at_first_error && !error.constraints.empty()) co_return;
    if (!in_force(rule, run.options)) co_return;
    const std::vector<std::string> no_constraints;
    const message_arguments arguments = context.arguments(no_constraints);
    const bool passed = co_await ask_items<each_depth<Rule>>(run.validators.get<validator>(), member, arguments);
    if (passed) co_return;
    std::string message = custom_message(rule, arguments);
    if (message.empty() && !run.options.dismiss_default_messages) {
      message = (each_depth<Rule> != 0 ? "each value in " : "") + fill_message(validator::text, arguments);
    }
    error.add(validator::key, std::move(message));
  }
  co_return;
}

template <class Rules, class V, std::size_t... R>
task<void> validate_rules(const Rules& rules, const V& member, const property_context& context, async_run run,
                          validation_error& error, std::index_sequence<R...>) {
  (co_await validate_rule(std::get<sizeof...(R) - 1 - R>(rules), member, context, run, error), ...);
}

// The object does not tell whether a plain member was in the payload, and its default is not the client's to answer
// for.
template <auto Member, class V, class... R>
consteval bool tells_missing(const std::tuple<R...>&) {
  static_assert(is_optional_type<V> || !(allows_missing<R> || ...),
                "nestcpp: validate<Class>() with is_optional(), or in partial(): only a std::optional or nest::maybe "
                "member tells whether there is a value to ask of; make the member one of them");
  return true;
}

template <dto T, std::size_t I>
task<void> validate_field(const T& object, async_run run, std::vector<validation_error>& errors) {
  using field = field_at<T, I>;
  using member_type = typename field::value_type;
  constexpr auto& rules = std::get<I>(dto_fields<T>).rules;
  constexpr bool has_own = [] {
    return []<class... R>(const std::tuple<R...>&) { return (is_async_rule<R> || ...); }(rules);
  }();
  if constexpr (has_own || has_async_rules<member_type>) {
    if (run.options.whitelist && !is_known<T, I>(run.options)) co_return;
    if (!rules_apply<T, I>(object, run.options)) co_return;
    if constexpr (has_own) static_assert(tells_missing<field::member, member_type>(std::get<I>(dto_fields<T>).rules));
    const member_type& member = object.*field::member;
    validation_error error{std::string{field_key<T, I>::name}};
    if constexpr (has_own) {
      const boost::json::value document = document_of(member);
      if (run.options.validation_error.value) error.value = document;
      const property_context context{field_key<T, I>::name, short_type_name<T>(), &document, run.options};
      // From the last to the first, as the other rules.
      constexpr std::size_t count = std::tuple_size_v<std::remove_cvref_t<decltype(rules)>>;
      co_await validate_rules(rules, member, context, run, error, std::make_index_sequence<count>{});
    }
    const bool stop = run.options.stop_at_first_error && !error.constraints.empty();
    if constexpr (has_async_rules<member_type>) {
      if (!stop) co_await validate_nested(member, run, error.children);
    }
    keep_error(errors, std::move(error));
  }
  co_return;
}

template <dto T, std::size_t... I>
task<void> validate_fields(const T& object, async_run run, std::vector<validation_error>& errors,
                           std::index_sequence<I...>) {
  (co_await validate_field<T, I>(object, run, errors), ...);
}

template <dto T>
task<void> validate_object(const T& object, async_run run, std::vector<validation_error>& errors) {
  co_await validate_fields(object, run, errors, std::make_index_sequence<field_count<T>>{});
}

}  // namespace detail

/// Asks all asynchronous rules of a value that has been read and has passed its other rules, one after the other.
/// @throws validation_exception with all that failed, in class-validator's order; what `exception_factory` makes of it
/// @par Lifetime All arguments must outlive the task.
template <class T>
[[nodiscard]] task<void> validate_async(const T& value, const async_validators& validators,
                                        const validation_options& options = default_validation_options) {
  std::vector<validation_error> errors;
  co_await detail::validate_nested(value, detail::async_run{validators, options}, errors);
  if (!errors.empty()) read_result{std::move(errors), options}.throw_if_failed();
}

}  // namespace nestcpp
