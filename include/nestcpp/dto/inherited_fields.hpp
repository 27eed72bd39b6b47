#pragma once
/// @file nestcpp/dto/inherited_fields.hpp
/// @brief Fields that a DTO takes over from its base: NestJS's inheritance and mapped types.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/naming.hpp>
#include <nestcpp/dto/rules/options.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// What `fields_of<Base>()` gives: an entry of NEST_DTO beside its fields.
///
///     struct UpdateUserDto : CreateUserDto {};
///     NEST_DTO(UpdateUserDto, fields_of<CreateUserDto>().omit("password").partial());
///
/// The members, names, rules and options of the base, behind the DTO's own fields wherever it stands; a field that the
/// DTO describes itself replaces the base's. NestJS's `PartialType`, `PickType`, `OmitType`; several bases make an
/// `IntersectionType`.
template <class Base, bool Partial = false, std::size_t N = 0>
struct inherited_fields {
  using base = Base;
  static constexpr bool is_partial = Partial;
  static constexpr std::size_t named = N;

  std::array<std::string_view, N> names{};
  bool picks = false;  ///< The names are those that are taken; else those that are left out.

  /// Only these, by their members' names.
  template <class... Name>
  [[nodiscard]] constexpr auto pick(Name... name) const {
    static_assert(N == 0, "nestcpp: fields_of<Base>(): say pick(…) or omit(…), and once");
    return inherited_fields<Base, Partial, sizeof...(Name)>{{std::string_view{name}...}, true};
  }
  /// All but these.
  template <class... Name>
  [[nodiscard]] constexpr auto omit(Name... name) const {
    static_assert(N == 0, "nestcpp: fields_of<Base>(): say pick(…) or omit(…), and once");
    return inherited_fields<Base, Partial, sizeof...(Name)>{{std::string_view{name}...}, false};
  }
  /// All of them `is_optional()`.
  [[nodiscard]] constexpr auto partial() const { return inherited_fields<Base, true, N>{names, picks}; }

  [[nodiscard]] constexpr bool takes(std::string_view name) const {
    for (const auto listed : names) {
      if (listed == name) return picks;
    }
    return !picks;
  }
};

namespace rules {
/// See `inherited_fields`.
template <class Base>
[[nodiscard]] constexpr inherited_fields<Base> fields_of() {
  return {};
}
}  // namespace rules

namespace detail {

template <class>
inline constexpr bool is_field = false;
template <auto Member, class... Rules>
inline constexpr bool is_field<dto_field<Member, Rules...>> = true;
template <class>
inline constexpr bool is_inherited = false;
template <class Base, bool Partial, std::size_t N>
inline constexpr bool is_inherited<inherited_fields<Base, Partial, N>> = true;

template <class Entry>
inline constexpr bool has_naming = requires { Entry::dto_naming; };

template <dto T>
inline constexpr auto dto_description = nest_describe_dto(tag<T>{});
template <dto T>
using description_of = std::remove_cvref_t<decltype(dto_description<T>)>;

template <class Description>
struct description_traits;
template <class... Entry>
struct description_traits<std::tuple<Entry...>> {
  static_assert(((is_field<Entry> || is_inherited<Entry> || has_naming<Entry>) && ...),
                "nestcpp: NEST_DTO(Type, …) holds NEST_FIELD(…), fields_of<Base>() and a naming such as snake_case()");
  static constexpr bool plain = (is_field<Entry> && ...);
  template <class E>
  static consteval naming_strategy one_naming() {
    if constexpr (has_naming<E>) {
      return E::dto_naming;
    } else {
      return naming_strategy::as_written;
    }
  }
  static consteval naming_strategy naming() {
    naming_strategy found = naming_strategy::as_written;
    ((has_naming<Entry> ? void(found = one_naming<Entry>()) : void()), ...);
    return found;
  }
};

template <dto T, std::size_t E>
inline constexpr auto styled_name_storage = [] {
  constexpr std::string_view name = std::get<E>(dto_description<T>).name;
  constexpr auto style = description_traits<description_of<T>>::naming();
  std::array<char, styled_size(name, style)> styled{};
  std::size_t at = 0;
  put_styled(name, style, [&](char c) { styled[at++] = c; });
  return styled;
}();

template <dto T>
consteval auto collect_fields();

/// A DTO's fields, those of its bases behind its own.
template <dto T>
inline constexpr auto dto_fields = collect_fields<T>();

template <dto T, std::size_t E>
consteval auto own_field() {
  using entry = std::tuple_element_t<E, description_of<T>>;
  if constexpr (!is_field<entry>) {
    return std::tuple<>{};
  } else {
    auto field = std::get<E>(dto_description<T>);
    if constexpr (description_traits<description_of<T>>::naming() != naming_strategy::as_written) {
      field.styled_name = {styled_name_storage<T, E>.data(), styled_name_storage<T, E>.size()};
    }
    return std::tuple<entry>{field};
  }
}

template <dto T>
consteval bool describes(std::string_view name) {
  return []<std::size_t... E>(std::string_view wanted, std::index_sequence<E...>) {
    return ([wanted](const auto& entry) {
      if constexpr (is_field<std::remove_cvref_t<decltype(entry)>>) {
        return entry.name == wanted;
      } else {
        return false;
      }
    }(std::get<E>(dto_description<T>)) ||
            ...);
  }(name, std::make_index_sequence<std::tuple_size_v<description_of<T>>>{});
}

template <auto Member, class... Rules>
constexpr auto as_optional(const dto_field<Member, Rules...>& field) {
  return dto_field<Member, Rules..., rules::is_optional>{
      field.name, std::tuple_cat(field.rules, std::tuple<rules::is_optional>{}), field.styled_name};
}

template <dto T, std::size_t E, std::size_t F>
consteval auto inherited_field() {
  constexpr auto& entry = std::get<E>(dto_description<T>);
  using taken = std::remove_cvref_t<decltype(entry)>;
  constexpr auto& field = std::get<F>(dto_fields<typename taken::base>);
  if constexpr (!entry.takes(field.name) || describes<T>(field.name)) {
    return std::tuple<>{};
  } else if constexpr (taken::is_partial) {
    return std::tuple{as_optional(field)};
  } else {
    return std::tuple<std::remove_cvref_t<decltype(field)>>{field};
  }
}

template <dto T, std::size_t E>
consteval auto inherited_part() {
  using entry = std::tuple_element_t<E, description_of<T>>;
  if constexpr (!is_inherited<entry>) {
    return std::tuple<>{};
  } else {
    using base = typename entry::base;
    static_assert(dto<base>, "nestcpp: fields_of<Base>(): the base needs a NEST_DTO(…) of its own, before this one");
    static_assert(std::is_base_of_v<base, T>,
                  "nestcpp: fields_of<Base>(): the DTO must derive from the base, as it takes over its members: struct "
                  "Dto : Base { … }");
    if constexpr (dto<base> && std::is_base_of_v<base, T>) {
      constexpr std::size_t count = std::tuple_size_v<std::remove_cvref_t<decltype(dto_fields<base>)>>;
      constexpr bool all_known = [] {
        bool known = true;
        for (const auto name : std::get<E>(dto_description<T>).names) {
          known = known &&
                  std::apply([name](const auto&... field) { return ((field.name == name) || ...); }, dto_fields<base>);
        }
        return known;
      }();
      static_assert(all_known, "nestcpp: fields_of<Base>(): pick(…) or omit(…) names a field that the base lacks");
      return []<std::size_t... F>(std::index_sequence<F...>) {
        return std::tuple_cat(inherited_field<T, E, F>()...);
      }(std::make_index_sequence<count>{});
    } else {
      return std::tuple<>{};
    }
  }
}

template <dto T>
consteval auto collect_fields() {
  if constexpr (description_traits<description_of<T>>::plain) {
    return dto_description<T>;
  } else {
    return []<std::size_t... E>(std::index_sequence<E...>) {
      return std::tuple_cat(own_field<T, E>()..., inherited_part<T, E>()...);
    }(std::make_index_sequence<std::tuple_size_v<description_of<T>>>{});
  }
}

}  // namespace detail

/// Calls `visit` with every field of a DTO in the order of declaration, for example to make a schema.
template <dto T, class F>
constexpr void for_each_field(F visit) {
  std::apply([&visit](const auto&... field) { (visit(field), ...); }, detail::dto_fields<T>);
}

}  // namespace nestcpp
