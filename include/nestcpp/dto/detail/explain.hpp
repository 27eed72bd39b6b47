#pragma once
// What is wrong with a payload that the reader refused. The reader gives no reasons, which keeps it small; here the
// payload is made a document and all rules are asked again, in class-validator's order. Nothing here is on the message
// path.

#include <nestcpp/dto/detail/document.hpp>
#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/object_codec.hpp>
#include <nestcpp/dto/detail/value_codec.hpp>
#include <nestcpp/dto/rules/common.hpp>
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
// Replaces $property and $constraint1… in a message.
[[nodiscard]] std::string fill_message(std::string_view text, std::string_view property,
                                       const std::vector<std::string>& constraints);
[[nodiscard]] validation_error extra_property(std::string_view name, const boost::json::value& value,
                                              const validation_options& options);
// Keeps an error that says something.
void keep_error(std::vector<validation_error>& errors, validation_error&& error);

template <class V>
inline constexpr bool holds_dto = dto<V>;
template <class V>
  requires(is_vector<V> || is_string_map<V>)
inline constexpr bool holds_dto<V> = holds_dto<item_type<V>>;

// What the messages about one property need.
struct property_context {
  std::string_view name;
  const validation_options& options;
  bool nested_rule;   // validate_nested() stands there
  bool each = false;  // inside an array

  [[nodiscard]] property_context in_array() const { return {name, options, nested_rule, true}; }

  void refuse(validation_error& error, std::string_view constraint, std::string_view text) const {
    if (options.dismiss_default_messages) {
      error.add(constraint, {});
    } else {
      error.add(constraint, (each ? "each value in " : "") + fill_message(text, name, {}));
    }
  }
};

template <class R, class Value>
std::vector<std::string> constraint_texts(const R& rule) {
  std::vector<std::string> texts;
  const auto add_all = [&texts](const auto& values) {
    std::apply([&texts](const auto&... value) { (append_constraint(texts.emplace_back(), value), ...); }, values);
  };
  if constexpr (requires { rule.template constraints_for<Value>(); }) {
    add_all(rule.template constraints_for<Value>());
  } else if constexpr (requires { rule.constraints(); }) {
    add_all(rule.constraints());
  }
  return texts;
}

template <class Value, class R>
std::string message_of(const R& rule, const rule_value& seen, const property_context& context) {
  if constexpr (requires { rule.custom_text; }) {
    return fill_message(rule.custom_text, context.name, constraint_texts<R, Value>(rule));
  } else {
    if (context.options.dismiss_default_messages) return {};
    std::string_view text;
    if constexpr (is_each_rule<R> && requires { R::text_for_each; }) {
      return fill_message(R::text_for_each, context.name, constraint_texts<R, Value>(rule));
    } else if constexpr (requires { rule.text_for(seen); }) {
      text = rule.text_for(seen);
    } else {
      text = R::text;
    }
    return (is_each_rule<R> ? "each value in " : "") +
           fill_message(text, context.name, constraint_texts<R, Value>(rule));
  }
}

template <class Value, class R>
void explain_rule(const R& rule, const boost::json::value* value, const rule_value& seen, validation_error& error,
                  const property_context& context) {
  if constexpr (validation_rule<R>) {
    if (context.options.stop_at_first_error && !error.constraints.empty()) return;
    if constexpr (is_each_rule<R> && is_item_container<Value>) {
      using item = item_type<Value>;
      bool passed = true;
      if (const auto* array = value ? value->if_array() : nullptr) {
        for (const auto& entry : *array) passed = passed && passes<item>(rule, see(entry));
      } else if (const auto* object = value && is_string_map<Value> ? value->if_object() : nullptr) {
        for (const auto& entry : *object) passed = passed && passes<item>(rule, see(entry.value()));
      } else {
        passed = passes<item>(rule, seen);
      }
      if (!passed) error.add(R::key, message_of<item>(rule, seen, context));
    } else {
      if (!passes<Value>(rule, seen)) error.add(R::key, message_of<Value>(rule, seen, context));
    }
  }
}

// Whether the member's type can hold the value: by the reader's own judgement.
template <class V>
bool can_hold(const boost::json::value& value) {
  const std::string text = document_text(value);
  json_input in{text.data(), text.data() + text.size(), std::numeric_limits<unsigned>::max()};
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
                    const validation_options& options);

// Nested validation, and the type itself where no rule has complained.
template <class V>
void explain_value(const boost::json::value& value, validation_error& error, const property_context& context) {
  if constexpr (is_optional_type<V>) {
    if (!value.is_null()) explain_value<without_optional_t<V>>(value, error, context);
  } else if constexpr (dto<V>) {
    if (const auto* object = value.if_object()) {
      explain_object<V>(*object, error.children, context.options);
    } else if (const auto* array = value.if_array()) {
      // As class-validator does it, item by item; then it still is no object.
      for (std::size_t i = 0; i < array->size(); ++i) {
        validation_error child{std::to_string(i), (*array)[i]};
        explain_value<V>((*array)[i], child, context);
        keep_error(error.children, std::move(child));
      }
      if (error.children.empty() && error.constraints.empty()) refuse_type<V>(value, error, context);
    } else if (error.constraints.empty() || context.nested_rule) {
      context.refuse(error, "nestedValidation", "nested property $property must be either object or array");
    }
  } else if constexpr (is_vector<V>) {
    using item = typename V::value_type;
    if (const auto* array = value.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        if constexpr (holds_dto<V>) {
          validation_error child{std::to_string(i), (*array)[i]};
          explain_value<item>((*array)[i], child, context.in_array());
          keep_error(error.children, std::move(child));
        } else {
          if (!error.constraints.empty()) break;
          explain_value<item>((*array)[i], error, context.in_array());
        }
      }
      return;
    }
    if constexpr (dto<item>) {
      if (const auto* object = value.if_object()) {
        explain_object<item>(*object, error.children, context.options);
      } else if (context.nested_rule) {
        context.in_array().refuse(error, "nestedValidation",
                                  "nested property $property must be either object or array");
      }
    }
    if (error.constraints.empty() && error.children.empty()) refuse_type<V>(value, error, context);
  } else if constexpr (is_string_map<V>) {
    using item = typename V::mapped_type;
    if (const auto* object = value.if_object()) {
      for (const auto& entry : *object) {
        if constexpr (holds_dto<V>) {
          validation_error child{std::string{entry.key()}, entry.value()};
          explain_value<item>(entry.value(), child, context.in_array());
          keep_error(error.children, std::move(child));
        } else {
          if (!error.constraints.empty()) break;
          explain_value<item>(entry.value(), error, context.in_array());
        }
      }
    } else if (error.constraints.empty()) {
      refuse_type<V>(value, error, context);
    }
  } else {
    if (error.constraints.empty() && !can_hold<V>(value)) refuse_type<V>(value, error, context);
  }
}

template <dto T, std::size_t I>
void explain_field(const boost::json::value* value, std::vector<validation_error>& errors,
                   const validation_options& options) {
  using traits = field_traits<field_at<T, I>>;
  using value_type = typename traits::value_type;
  const rule_value seen = value ? see(*value) : rule_value{};
  if (traits::optional && seen.is_nullish()) return;

  const property_context context{field_key<T, I>::name, options, traits::nested_rule};
  validation_error error{std::string{context.name}};
  if (value) error.value = *value;
  const bool skip_others =
      (!value && (options.skip_undefined_properties || options.skip_missing_properties)) ||
      (seen.kind == json_kind::null && (options.skip_null_properties || options.skip_missing_properties));
  std::apply(
      [&]<class... R>(const R&... rule) {
        const auto explain = [&](const auto& each_rule) {
          explain_rule<value_type>(each_rule, value, seen, error, context);
        };
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
  if (value && !skip_others && !stop) explain_value<value_type>(*value, error, context);
  keep_error(errors, std::move(error));
}

template <dto T>
void explain_object(const boost::json::object& object, std::vector<validation_error>& errors,
                    const validation_options& options) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    if (options.whitelist && options.forbid_non_whitelisted) {
      for (const auto& entry : object) {
        const std::string_view key{entry.key()};
        if (!((key == field_key<T, I>::name) || ...)) errors.push_back(extra_property(key, entry.value(), options));
      }
    }
    (explain_field<T, I>(object.if_contains(field_key<T, I>::name), errors, options), ...);
  }(std::make_index_sequence<field_count<T>>{});
}

template <class T>
bool read_whole(std::string_view text, T& out, const validation_options& options);

template <class T>
[[gnu::noinline, gnu::cold]] read_result explain_failure(std::string_view text, T& out,
                                                         const validation_options& options) {
  boost::json::value payload;
  if (auto error = load_document(text, options.max_depth, payload)) return read_result{std::move(*error)};
  std::vector<validation_error> errors;
  std::string plain;
  if constexpr (dto<T>) {
    const boost::json::object object = properties_of(payload);
    explain_object<T>(object, errors, options);
    if (errors.empty() && !payload.is_object() && !payload.is_null()) {
      return read_result{validation_exception{"Validation failed (object is expected)"}};
    }
    plain = payload.is_null() ? "{}" : document_text(payload);
  } else {
    validation_error error{"value", payload};
    explain_value<T>(payload, error, {"value", options, false});
    keep_error(errors, std::move(error));
    plain = document_text(payload);
  }
  if (!errors.empty()) return read_result{validation_exception{std::move(errors), options}};
  // Nothing is wrong with the document: the reader stumbled over a repeated key whose former value was bad.
  if (read_whole(plain, out, options)) return {};
  return read_result{validation_exception{"Validation failed"}};
}

}  // namespace nestcpp::detail
