#pragma once
// The thorough way to read: the payload becomes a document, values are converted, all rules are asked in
// class-validator's order, and what has passed is read. It is taken where the reader has refused a payload, which it
// does without giving reasons, and where it cannot judge by itself. Nothing here is on the message path.

#include <nestcpp/dto/detail/convert.hpp>
#include <nestcpp/dto/detail/explain.hpp>
#include <nestcpp/dto/detail/object_codec.hpp>
#include <nestcpp/dto/detail/variant_choices.hpp>
#include <nestcpp/dto/validation.hpp>
#include <nestcpp/dto/validation_options.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp::detail {

template <class T>
bool read_whole(std::string_view text, T& out, const validation_options& options, bool unchecked = false);

// Leaves out properties none of whose rules is in force, here and in the DTOs inside.
template <class V>
void strip(boost::json::value& value, const validation_options& options) {
  if constexpr (is_optional_type<V>) {
    strip<without_optional_t<V>>(value, options);
  } else if constexpr (dto<V>) {
    auto* object = value.if_object();
    if (object == nullptr) return;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (
          [&] {
            auto* member = object->if_contains(field_key<V, I>::name);
            if (member == nullptr) return;
            if (is_known<V, I>(options)) {
              strip<typename traits_at<V, I>::value_type>(*member, options);
            } else {
              object->erase(field_key<V, I>::name);
            }
          }(),
          ...);
    }(std::make_index_sequence<field_count<V>>{});
  } else if constexpr (is_item_container<V> && holds_dto<V>) {
    if (auto* array = value.if_array()) {
      for (auto& item : *array) strip<item_type<V>>(item, options);
    } else if (auto* object = value.if_object()) {
      for (auto& entry : *object) strip<item_type<V>>(entry.value(), options);
    }
  }
}

// Gives decimals the digits that they were sent with, of a document whose numbers are doubles.
template <class V>
void restore_decimals(boost::json::value& value, const boost::json::value& digits) {
  if constexpr (is_optional_type<V>) {
    restore_decimals<without_optional_t<V>>(value, digits);
  } else if constexpr (std::is_same_v<V, decimal>) {
    if (value.is_number() && digits.is_string()) value = digits;
  } else if constexpr (dto<V>) {
    auto* object = value.if_object();
    const auto* sent = digits.if_object();
    if (object == nullptr || sent == nullptr) return;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (
          [&] {
            auto* member = object->if_contains(field_key<V, I>::name);
            const auto* own = sent->if_contains(field_key<V, I>::name);
            if (member != nullptr && own != nullptr) {
              restore_decimals<typename traits_at<V, I>::value_type>(*member, *own);
            }
          }(),
          ...);
    }(std::make_index_sequence<field_count<V>>{});
  } else if constexpr (is_sequence<V>) {
    auto* array = value.if_array();
    const auto* sent = digits.if_array();
    if (array == nullptr || sent == nullptr || array->size() != sent->size()) return;
    for (std::size_t i = 0; i < array->size(); ++i) restore_decimals<item_type<V>>((*array)[i], (*sent)[i]);
  } else if constexpr (is_string_map<V>) {
    auto* object = value.if_object();
    const auto* sent = digits.if_object();
    if (object == nullptr || sent == nullptr) return;
    for (auto& entry : *object) {
      if (const auto* own = sent->if_contains(entry.key())) restore_decimals<item_type<V>>(entry.value(), *own);
    }
  }
}

// Whether the text, as it was sent, says what has been judged: no value has been converted or left out. Read from it a
// decimal keeps all of its digits.
[[nodiscard]] bool says_the_same(std::string_view text, const boost::json::value& judged);

// A document, of which `converting` says whether all values may be converted; `text` is what it was made from, if any.
template <class T>
read_result judge_document(boost::json::value payload, T& out, const validation_options& options, conversion converting,
                           std::string_view text = {}) {
  [[maybe_unused]] explained_choices choices;
  std::vector<validation_error> errors;
  if constexpr (dto<T>) {
    convert_document<T>(payload, converting);
    boost::json::value object = properties_of(payload);
    explain_object<T>(object.get_object(), errors, options);
    if (options.validation_error.target) {
      for (auto& error : errors) {
        if (!error.target) hide_secrets<T>(error.target.emplace(object).get_object());
      }
    }
    if (errors.empty() && !payload.is_object() && !payload.is_null()) {
      constexpr const char* message = "Validation failed (object is expected)";
      if (!options.exception_factory) return read_result{validation_exception{message, options}};
      errors.push_back({"body", std::nullopt, {{"isObject", message}}});
      return read_result{std::move(errors), options};
    }
    payload = std::move(object);
    if (errors.empty() && options.whitelist && options.choose_rules()) strip<T>(payload, options);
  } else {
    validation_error error{"value"};
    const property_context context{"value", {}, &payload, options};
    explain_value<T>(payload, error, context);
    keep_error(errors, std::move(error), &payload, options);
  }
  if (!errors.empty()) return read_result{std::move(errors), options};
  // Either the rules were for this way to judge, or the reader stumbled over a repeated key whose former value was bad.
  if (says_the_same(text, payload) && read_whole(text, out, options, true)) return {};
  if (!text.empty()) restore_decimals<T>(payload, digits_document(text));
  if (read_whole(document_text(payload), out, options, true)) return {};
  return read_result{validation_exception{"Validation failed", options}};
}

template <class T>
[[gnu::noinline, gnu::cold]] read_result judge(std::string_view text, T& out, const validation_options& options) {
  boost::json::value payload;
  if (auto error = load_document(text, options.max_depth, payload)) return read_result{std::move(*error)};
  return judge_document(std::move(payload), out, options,
                        options.transform_options.enable_implicit_conversion ? conversion::safe : conversion::none,
                        text);
}

}  // namespace nestcpp::detail
