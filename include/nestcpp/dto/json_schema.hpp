#pragma once
/// @file nestcpp/dto/json_schema.hpp
/// @brief The JSON Schema (2020-12, which OpenAPI 3.1 uses) of types, from their fields and rules.

#include <nestcpp/core/type_name.hpp>
#include <nestcpp/dto/detail/explain_rule.hpp>
#include <nestcpp/dto/detail/field_traits.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/inherited_fields.hpp>
#include <nestcpp/dto/rules/api_property.hpp>
#include <nestcpp/dto/secret.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nestcpp {

/// What a schema is of: optional fields may be missing from what is read; what is written has all fields but those left
/// out when they are empty.
enum class schema_use { read, written };

/// The DTOs that schemas refer to: `{"$ref":"#/components/schemas/UserDto"}`.
/// @par Thread safety Not safe.
class schema_components {
 public:
  /// Whether properties that a DTO does not name are refused: `additionalProperties: false` in what is read.
  bool forbids_unknown = false;

  /// A reference to the schema of that type, which `make` is asked for once.
  template <class Make>
  boost::json::object refer(const void* type, schema_use use, std::string_view name, Make make) {
    const std::pair key{type, use};
    auto found = names_.find(key);
    if (found == names_.end()) {
      found = names_.emplace(key, free_name(name)).first;
      const std::string own = found->second;
      schemas_.emplace(own, boost::json::object{});  // it may refer to itself
      boost::json::object made = make();
      if (const std::string same = same_as(own, type, made); !same.empty()) {
        schemas_.erase(own);
        names_[key] = same;
        return reference(same);
      }
      schemas_[own] = std::move(made);
      return reference(own);
    }
    return reference(found->second);
  }

  [[nodiscard]] const boost::json::object& schemas() const noexcept { return schemas_; }
  /// Adds one by name; keeps one that is there.
  void add(std::string_view name, boost::json::object schema);
  [[nodiscard]] static boost::json::object reference(std::string_view name);

 private:
  [[nodiscard]] std::string free_name(std::string_view name) const;
  // The other use of the type has the same schema.
  [[nodiscard]] std::string same_as(std::string_view own, const void* type, const boost::json::object& made) const;

  std::map<std::pair<const void*, schema_use>, std::string> names_;
  boost::json::object schemas_;
};

namespace detail {

template <class T>
inline constexpr char schema_key = 0;

// Narrows a schema by a rule: its key and its constraints, as messages show them.
// @param levels how deep in arrays it holds
void apply_rule_to_schema(boost::json::object& schema, std::string_view key,
                          const std::vector<std::string>& constraints, unsigned levels);
// Adds null to what the schema takes.
[[nodiscard]] boost::json::object or_null(boost::json::object schema);
void apply_property_options(boost::json::object& schema, const rules::api_property& options);

template <class T>
boost::json::object schema_of_value(schema_components& components, schema_use use);

template <class... T>
boost::json::array schemas_of_alternatives(schema_components& components, schema_use use, const std::variant<T...>*) {
  return {schema_of_value<T>(components, use)...};
}

template <fixed_string Property, class... A>
boost::json::object schema_of_tagged(schema_components& components, schema_use use,
                                     const tagged_variant<Property, A...>*) {
  boost::json::array all;
  const auto add = [&]<class Alternative>(std::type_identity<Alternative>) {
    boost::json::object tag{
        {"type", "object"},
        {"properties", boost::json::object{{Property.view(), boost::json::object{{"const", Alternative::name()}}}}},
        {"required", boost::json::array{Property.view()}}};
    all.push_back(boost::json::object{
        {"allOf", boost::json::array{schema_of_value<typename Alternative::type>(components, use), std::move(tag)}}});
  };
  (add(std::type_identity<A>{}), ...);
  return {{"oneOf", std::move(all)}};
}

template <described_enum E>
boost::json::object schema_of_enum();

// The values that is_in, equals and is_enum name.
template <class Value, class R>
void apply_constants(boost::json::object& schema, const R& rule) {
  if constexpr (requires { rule.constants; }) {
    if (rule.key != std::string_view{"isIn"}) return;
    boost::json::array values;
    std::apply([&](const auto&... each) { (values.push_back(boost::json::value(each)), ...); }, rule.constants);
    schema["enum"] = std::move(values);
  } else if constexpr (requires { rule.constant; }) {
    if (rule.key == std::string_view{"equals"}) schema["const"] = boost::json::value(rule.constant);
  } else if constexpr (requires { typename R::template enum_of<Value>; }) {
    if constexpr (described_enum<typename R::template enum_of<Value>>) {
      schema = schema_of_enum<typename R::template enum_of<Value>>();
    }
  }
}

template <dto T>
boost::json::object schema_of_dto(schema_components& components, schema_use use) {
  boost::json::object properties;
  boost::json::array required;
  for_each_field<T>([&]<class Field>(const Field& field) {
    using traits = field_traits<Field>;
    if (use == schema_use::read ? !traits::is_read : !traits::is_written) return;
    using member = typename traits::member_type;
    boost::json::object schema = schema_of_value<without_optional_t<member>>(components, use);
    std::apply(
        [&](const auto&... rule) {
          (
              [&]<class R>(const R& each) {
                if constexpr (validation_rule<R>) {
                  using seen = nested_item_t<typename traits::value_type, each_depth<R>>;
                  if constexpr (each_depth<R> == 0) apply_constants<seen>(schema, each);
                  apply_rule_to_schema(schema, each.key, constraint_texts<R, seen>(each), each_depth<R>);
                }
              }(rule),
              ...);
        },
        field.rules);
    const bool may_be_null =
        use == schema_use::read ? traits::optional : is_optional_type<member> && !traits::omit_empty;
    if (may_be_null) schema = or_null(std::move(schema));
    std::apply(
        [&](const auto&... rule) {
          (
              [&]<class R>(const R& each) {
                if constexpr (std::is_same_v<R, rules::api_property>) apply_property_options(schema, each);
              }(rule),
              ...);
        },
        field.rules);
    const bool may_be_missing = use == schema_use::read ? traits::optional : traits::omit_empty;
    const std::string_view name = json_name_of(field);
    properties.emplace(name, std::move(schema));
    if (!may_be_missing) required.push_back(boost::json::value(name));
  });
  boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema.emplace("required", std::move(required));
  if (use == schema_use::read && components.forbids_unknown) schema.emplace("additionalProperties", false);
  return schema;
}

template <class T>
boost::json::object schema_of_integer() {
  boost::json::object schema{{"type", "integer"}};
  if constexpr (sizeof(T) < 8) {
    schema.emplace("minimum", static_cast<std::int64_t>(std::numeric_limits<T>::min()));
    schema.emplace("maximum", static_cast<std::int64_t>(std::numeric_limits<T>::max()));
  } else {
    if constexpr (std::is_unsigned_v<T>) schema.emplace("minimum", 0);
    schema.emplace("format", "int64");
  }
  return schema;
}

template <described_enum E>
boost::json::object schema_of_enum() {
  boost::json::array values;
  for (const auto& entry : enum_entries<E>) {
    if constexpr (numbered_enum<E>) {
      values.push_back(entry.number);
    } else {
      values.push_back(boost::json::value(entry.name));
    }
  }
  return {{"type", numbered_enum<E> ? "integer" : "string"}, {"enum", std::move(values)}};
}

template <class T>
inline constexpr bool is_secret_type = false;
template <class T>
inline constexpr bool is_secret_type<secret<T>> = true;

template <class T>
boost::json::object schema_of_value(schema_components& components, schema_use use) {
  if constexpr (is_optional_type<T>) {
    return or_null(schema_of_value<without_optional_t<T>>(components, use));
  } else if constexpr (is_secret_type<T>) {
    return schema_of_value<typename T::value_type>(components, use);
  } else if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (json_integer<T>) {
    return schema_of_integer<T>();
  } else if constexpr (std::is_floating_point_v<T> || is_duration<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {{"type", "string"}};
  } else if constexpr (std::is_same_v<T, uuid>) {
    return {{"type", "string"}, {"format", "uuid"}};
  } else if constexpr (std::is_same_v<T, timestamp>) {
    return {{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (std::is_same_v<T, std::chrono::year_month_day>) {
    return {{"type", "string"}, {"format", "date"}};
  } else if constexpr (std::is_same_v<T, decimal>) {
    return {{"type", "string"}, {"format", "decimal"}};
  } else if constexpr (described_enum<T>) {
    return schema_of_enum<T>();
  } else if constexpr (is_tagged_variant<T>) {
    return schema_of_tagged(components, use, static_cast<const T*>(nullptr));
  } else if constexpr (is_variant<T>) {
    return {{"anyOf", schemas_of_alternatives(components, use, static_cast<const T*>(nullptr))}};
  } else if constexpr (is_string_map<T>) {
    return {{"type", "object"}, {"additionalProperties", schema_of_value<typename T::mapped_type>(components, use)}};
  } else if constexpr (is_sequence<T>) {
    boost::json::object schema{{"type", "array"}, {"items", schema_of_value<typename T::value_type>(components, use)}};
    if constexpr (is_set<T>) schema.emplace("uniqueItems", true);
    if constexpr (is_fixed_array<T>) {
      schema.emplace("minItems", std::tuple_size_v<T>);
      schema.emplace("maxItems", std::tuple_size_v<T>);
    }
    return schema;
  } else if constexpr (dto<T>) {
    return components.refer(&schema_key<T>, use, short_type_name<T>(),
                            [&] { return schema_of_dto<T>(components, use); });
  } else {
    return {};  // anything: JSON values, and types with a codec of their own
  }
}

}  // namespace detail

/// The schema of `T`; DTOs are put into `components` and referred to.
template <class T>
[[nodiscard]] boost::json::object json_schema(schema_components& components, schema_use use = schema_use::read) {
  return detail::schema_of_value<T>(components, use);
}

}  // namespace nestcpp
