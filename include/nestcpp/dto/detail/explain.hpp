#pragma once
// What is wrong with a payload that the reader refused. The reader gives no reasons, which keeps it small; here the
// payload is made a document and all rules are asked again, in class-validator's order. Nothing here is on the message
// path.

#include <nestcpp/core/type_name.hpp>
#include <nestcpp/dto/detail/document.hpp>
#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/explain_rule.hpp>
#include <nestcpp/dto/detail/member_document.hpp>
#include <nestcpp/dto/detail/object_codec.hpp>
#include <nestcpp/dto/detail/value_codec.hpp>
#include <nestcpp/dto/detail/variant_choices.hpp>
#include <nestcpp/dto/validation.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp::detail {

// The payload as a document, or the error in its syntax. An empty text is null.
[[nodiscard]] std::optional<json_syntax_error> load_document(std::string_view text, unsigned max_depth,
                                                             boost::json::value& out);
// Text that reads back as the same document, infinities included.
[[nodiscard]] std::string document_text(const boost::json::value& document);
// The properties a payload has as a JavaScript object: none, an object's, or an array's indices.
[[nodiscard]] boost::json::object properties_of(const boost::json::value& payload);
[[nodiscard]] validation_error extra_property(std::string_view name, const boost::json::value& value,
                                              const validation_options& options);
// An object of a class without a rule in force, where that is forbidden.
[[nodiscard]] validation_error unknown_object();
// Keeps an error that says something.
void keep_error(std::vector<validation_error>& errors, validation_error&& error);
// The same, with the value, where it is wanted and the error is not about what is inside it.
// Nor are objects kept with errors in between: each level would copy all that is below.
void keep_error(std::vector<validation_error>& errors, validation_error&& error, const boost::json::value* value,
                const validation_options& options, const boost::json::object* target = nullptr);

template <class V>
inline constexpr bool holds_dto = dto<V>;
template <fixed_string Property, class... Alternatives>
inline constexpr bool holds_dto<tagged_variant<Property, Alternatives...>> = true;
template <class V>
  requires(is_sequence<V> || is_string_map<V>)
inline constexpr bool holds_dto<V> = holds_dto<item_type<V>>;

// Whether the member's type can hold the value: by the reader's own judgement.
template <class V>
bool can_hold(const boost::json::value& value) {
  const std::string text = document_text(value);
  json_input in{text.data(), text.data() + text.size(), std::numeric_limits<unsigned>::max()};
  in.unchecked = true;
  V scratch{};
  rule_value seen;
  return value_codec<V>::read(in.begin, in, scratch, seen, any_item{}) == in.end;
}

// The reason that no rule has given: the C++ type.
template <class V>
void refuse_type(const boost::json::value& value, validation_error& error, const property_context& context) {
  if constexpr (json_integer<V>) {
    const rule_value seen = see(value);
    if (rule_value whole = seen; whole.is_number() && std::trunc(whole.number) == whole.number) {
      const bool large = whole.number > 0;
      const auto limit = large ? std::numeric_limits<V>::max() : std::numeric_limits<V>::min();
      context.refuse(
          error, large ? "max" : "min",
          (large ? "$property must not be greater than " : "$property must not be less than ") + std::to_string(limit));
      return;
    }
  }
  if constexpr (described_enum<V>) {
    context.refuse(error, value_codec<V>::constraint,
                   "$property must be one of the following values: " + enum_names<V>());
  } else {
    context.refuse(error, value_codec<V>::constraint, "$property " + std::string{value_codec<V>::expected});
  }
}

template <dto T>
void explain_object(const boost::json::object& object, std::vector<validation_error>& errors,
                    const validation_options& options, std::string_view discriminator = {});

template <class V>
void explain_value(const boost::json::value& value, validation_error& error, const property_context& context);

template <class V>
std::string accepted_text() {
  if constexpr (described_enum<V>) {
    return "one of the following values: " + enum_names<V>();
  } else {
    constexpr std::string_view expected = value_codec<V>::expected;
    constexpr std::string_view must_be = "must be ";
    return std::string{expected.substr(0, must_be.size()) == must_be ? expected.substr(must_be.size()) : expected};
  }
}

// Of the alternatives that are of the value's kind the first speaks, unless another one has nothing to say.
template <class... T>
void explain_variant(const boost::json::value& value, validation_error& error, const property_context& context,
                     const std::variant<T...>*) {
  static constexpr char type{};
  const explained_choices::key key{&value, &type};
  explained_choices* const choices = explained_choices::current();
  std::optional<std::size_t> known;
  if (choices != nullptr) {
    if (const auto found = choices->speaking.find(key); found != choices->speaking.end()) known = found->second;
  }
  if (known == explained_choices::accepted) return;
  const json_kinds kind = kinds_of(see(value).kind);
  std::optional<validation_error> first;
  std::size_t speaking = sizeof...(T);
  std::size_t index = 0;
  const auto accepts = [&]<class A>(std::type_identity<A>) {
    const std::size_t own = index++;
    if ((type_kinds<A> & kind) == 0 || (known && *known != own)) return false;
    validation_error said{error.property};
    explain_value<A>(value, said, context);
    if (said.constraints.empty() && said.children.empty()) return true;
    if (!first) {
      first = std::move(said);
      speaking = own;
    }
    return false;
  };
  const bool accepted = (accepts(std::type_identity<T>{}) || ...);
  if (choices != nullptr && !known) {
    choices->speaking.emplace(key, accepted ? explained_choices::accepted : speaking);
  }
  if (accepted) return;
  if (!first) {
    if (!error.constraints.empty()) return;
    std::string accepted;
    ((accepted += (accepted.empty() ? "$property must be " : " or ") + accepted_text<T>()), ...);
    context.refuse(error, value_codec<std::variant<T...>>::constraint, accepted);
    return;
  }
  for (auto& child : first->children) error.children.push_back(std::move(child));
  if (!error.constraints.empty()) return;
  for (auto& [constraint, message] : first->constraints) error.add(constraint, std::move(message));
}

template <fixed_string Property, class... Alternatives>
void explain_tagged(const boost::json::value& value, validation_error& error, const property_context& context,
                    const tagged_variant<Property, Alternatives...>*) {
  const auto* object = value.if_object();
  if (object == nullptr) {
    context.refuse_nested(error);
    return;
  }
  const auto* tag = object->if_contains(Property.view());
  const auto* name = tag == nullptr ? nullptr : tag->if_string();
  const auto attempt = [&]<class A>(std::type_identity<A>) {
    if (name == nullptr || std::string_view{*name} != A::name()) return false;
    explain_object<typename A::type>(*object, error.children, context.options, Property.view());
    return true;
  };
  if ((attempt(std::type_identity<Alternatives>{}) || ...)) return;
  std::string names;
  ((names += (names.empty() ? "" : ", ") + std::string{Alternatives::name()}), ...);
  validation_error child{std::string{Property.view()}};
  const property_context of_tag{Property.view(), {}, tag, context.options};
  of_tag.refuse(child, "isIn", "$property must be one of the following values: " + names);
  keep_error(error.children, std::move(child), tag, context.options);
}

// An item of an array or map: DTOs' errors under its index, others on the property itself.
template <class V, class Item>
void explain_item(std::string_view index, const boost::json::value& value, validation_error& error,
                  const property_context& context) {
  if constexpr (holds_dto<V>) {
    validation_error child{std::string{index}};
    explain_value<Item>(value, child, context.in_array());
    keep_error(error.children, std::move(child), &value, context.options);
  } else if (error.constraints.empty()) {
    explain_value<Item>(value, error, context.in_array());
  }
}

// Nested validation, and the type itself where no rule has complained.
template <class V>
void explain_value(const boost::json::value& value, validation_error& error, const property_context& context) {
  if constexpr (is_optional_type<V>) {
    if (!value.is_null()) explain_value<without_optional_t<V>>(value, error, context);
  } else if constexpr (is_variant<V>) {
    explain_variant(value, error, context, static_cast<const V*>(nullptr));
  } else if constexpr (is_tagged_variant<V>) {
    explain_tagged(value, error, context, static_cast<const V*>(nullptr));
  } else if constexpr (dto<V>) {
    if (const auto* object = value.if_object()) {
      explain_object<V>(*object, error.children, context.options);
    } else if (const auto* array = value.if_array()) {
      // As class-validator does it, item by item; then it still is no object.
      for (std::size_t i = 0; i < array->size(); ++i) {
        validation_error child{std::to_string(i)};
        explain_value<V>((*array)[i], child, context);
        keep_error(error.children, std::move(child), &(*array)[i], context.options);
      }
      if (error.children.empty() && error.constraints.empty()) refuse_type<V>(value, error, context);
    } else if (error.constraints.empty() || context.nested_rule) {
      context.refuse_nested(error);
    }
  } else if constexpr (is_sequence<V>) {
    using item = typename V::value_type;
    if (const auto* array = value.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        explain_item<V, item>(std::to_string(i), (*array)[i], error, context);
      }
      if constexpr (is_fixed_array<V>) {
        if (array->size() != std::tuple_size_v<V> && error.constraints.empty()) refuse_type<V>(value, error, context);
      }
      return;
    }
    if constexpr (dto<item>) {
      if (const auto* object = value.if_object()) {
        explain_object<item>(*object, error.children, context.options);
      } else if (context.nested_rule) {
        context.in_array().refuse_nested(error);
      }
    }
    if (error.constraints.empty() && error.children.empty()) refuse_type<V>(value, error, context);
  } else if constexpr (is_string_map<V>) {
    if (const auto* object = value.if_object()) {
      for (const auto& entry : *object) {
        explain_item<V, typename V::mapped_type>(entry.key(), entry.value(), error, context);
      }
    } else if (error.constraints.empty()) {
      refuse_type<V>(value, error, context);
    }
  } else {
    if (error.constraints.empty() && !can_hold<V>(value)) refuse_type<V>(value, error, context);
  }
}

// Whether rules and options of the kind that Pick wants are in force; `none` where the field has none of it.
template <dto T, std::size_t I, class Pick>
bool any_in_force(const validation_options& options, bool none, Pick pick) {
  return std::apply(
      [&]<class... R>(const R&... rule) {
        bool has_some = false;
        bool any = false;
        ((pick(std::type_identity<R>{}) ? void((has_some = true, any = any || in_force(rule, options))) : void()), ...);
        return has_some ? any : none;
      },
      std::get<I>(dto_fields<T>).rules);
}

// What class-validator whitelists: a property of which something is in force.
template <dto T, std::size_t I>
bool is_known(const validation_options& options) {
  return any_in_force<T, I>(options, true, []<class R>(std::type_identity<R>) { return is_metadata<R>; });
}

// The field's value as it will be read; null: missing, or kept from being read.
template <dto T, std::size_t I>
const boost::json::value* value_of(const boost::json::object& object, const validation_options& options) {
  if constexpr (!traits_at<T, I>::is_read) return nullptr;
  constexpr auto exposure = exposure_of(std::get<I>(dto_fields<T>));
  if (!is_exposed(exposure, options.transform_options.groups, options.transform_options.version)) return nullptr;
  return object.if_contains(field_key<T, I>::name);
}

// The member with the field's transformations made, and what its rules see of it; false where it cannot hold the value.
template <dto T, std::size_t I, class V>
bool read_transformed(const boost::json::value& value, V& member, rule_value& seen) {
  const std::string text = document_text(value);
  json_input in{text.data(), text.data() + text.size(), std::numeric_limits<unsigned>::max()};
  in.unchecked = true;
  rule_value read;
  if (value_codec<V>::read(in.begin, in, member, read, any_item{}) != in.end) return false;
  transform_member<T, I>(member, seen);
  return true;
}

// `applies`: whether the field's conditions hold.
template <dto T, std::size_t I>
void explain_field(const boost::json::object& object, bool applies, std::vector<validation_error>& errors,
                   const validation_options& options) {
  using traits = traits_at<T, I>;
  using value_type = typename traits::value_type;
  if (options.whitelist && !is_known<T, I>(options)) return;  // it is left out
  const boost::json::value* value = value_of<T, I>(object, options);
  rule_value seen = value ? see(*value) : rule_value{};
  [[maybe_unused]] typename traits::member_type member{};
  [[maybe_unused]] boost::json::value changed;
  if constexpr (traits::has_transforms) {
    if (value != nullptr && !value->is_null() && read_transformed<T, I>(*value, member, seen)) {
      // Of others the rules see the member, and what is inside as it was sent.
      if constexpr (is_plain<typename traits::member_type>) {
        changed = plain_document<typename traits::member_type>(member);
        value = &changed;
        seen = see(changed);
      }
    }
  }
  if (seen.is_nullish()) {
    const bool optional =
        traits::is_optional_member ||
        any_in_force<T, I>(options, false, []<class R>(std::type_identity<R>) { return allows_missing<R>; });
    if (optional) return;
  }
  if constexpr (traits::conditional) {
    if (!applies) return;
  }

  const property_context context{field_key<T, I>::name, short_type_name<T>(), value, options, traits::nested_rule};
  validation_error error{std::string{context.name}};
  const bool skip_others =
      (!value && (options.skip_undefined_properties || options.skip_missing_properties)) ||
      (seen.kind == json_kind::null && (options.skip_null_properties || options.skip_missing_properties));
  std::apply(
      [&]<class... R>(const R&... rule) {
        const auto explain = [&](const auto& each_rule) { explain_rule<value_type>(each_rule, seen, error, context); };
        ((runs_first<R> ? explain(rule) : void()), ...);
        if (skip_others) return;
        // Decorators are applied from the property upwards: the last rule comes first.
        const auto rules = std::tie(rule...);
        [&]<std::size_t... J>(std::index_sequence<J...>) {
          constexpr std::size_t last = sizeof...(R) - 1;
          ((runs_first<std::tuple_element_t<last - J, std::tuple<R...>>> ? void() : explain(std::get<last - J>(rules))),
           ...);
        }(std::make_index_sequence<sizeof...(R)>{});
      },
      std::get<I>(dto_fields<T>).rules);
  const bool stop = options.stop_at_first_error && !error.constraints.empty();
  // validate_nested() of other groups leaves the object unlooked at.
  const bool nested =
      any_in_force<T, I>(options, true, []<class R>(std::type_identity<R>) { return reports_nested<R>; });
  if (value && !skip_others && !stop && nested) explain_value<value_type>(*value, error, context);
  const std::size_t kept_before = errors.size();
  keep_error(errors, std::move(error), value, options, &object);
  if (errors.size() == kept_before) return;
  if (auto& shown_value = errors.back().value; shown_value && holds_secret<value_type>) {
    shown_value = shown<value_type>(*shown_value);
  }
  if (auto& target = errors.back().target) hide_secrets<T>(target->get_object());
}

// Reads what can be read of an object, whatever the rules say.
template <class T>
void read_unchecked(const boost::json::value& document, T& out, const validation_options& options) {
  const std::string text = document_text(document);
  json_input in{text.data(), text.data() + text.size(), std::numeric_limits<unsigned>::max()};
  in.unchecked = true;
  in.options = &options;
  rule_value seen;
  static_cast<void>(value_codec<T>::read(in.begin, in, out, seen, any_item{}));
}

template <dto T>
void explain_object(const boost::json::object& object, std::vector<validation_error>& errors,
                    const validation_options& options, std::string_view discriminator) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    if (options.forbid_unknown_values &&
        !(any_in_force<T, I>(options, false, []<class R>(std::type_identity<R>) { return is_metadata<R>; }) || ...)) {
      errors.push_back(unknown_object());
      if (options.validation_error.target) hide_secrets<T>(errors.back().target.emplace(object).get_object());
      return;
    }
    if (options.whitelist && options.forbid_non_whitelisted) {
      for (const auto& entry : object) {
        const std::string_view key{entry.key()};
        const bool known = ((key == field_key<T, I>::name && is_known<T, I>(options)) || ...);
        if (known || (!discriminator.empty() && key == discriminator)) continue;
        errors.push_back(extra_property(key, entry.value(), options));
        if (options.validation_error.target) hide_secrets<T>(errors.back().target.emplace(object).get_object());
      }
    }
    if constexpr (dto_table<T>::has_conditions) {
      typename dto_table<T>::set applying{};
      {
        // Gone before what is inside is looked at, which it holds a copy of.
        T conditions{};
        read_unchecked(object, conditions, options);
        ((rules_apply<T, I>(conditions, options) ? applying.set(I) : void()), ...);
      }
      (explain_field<T, I>(object, applying.has(I), errors, options), ...);
    } else {
      (explain_field<T, I>(object, true, errors, options), ...);
    }
  }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace nestcpp::detail
