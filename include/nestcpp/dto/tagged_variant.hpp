#pragma once
/// @file nestcpp/dto/tagged_variant.hpp
/// @brief One of several DTOs, told by a property: class-transformer's discriminator.

#include <nestcpp/core/fixed_string.hpp>

#include <string_view>
#include <type_traits>
#include <variant>

namespace nestcpp {

/// A DTO and the text of the discriminator that stands for it.
template <fixed_string Name, class T>
struct alternative {
  using type = T;
  static constexpr std::string_view name() { return Name.view(); }
};

/// A `std::variant` whose JSON says by a property which of its DTOs it is:
///
///     using Pet = nest::tagged_variant<"kind", nest::alternative<"cat", Cat>, nest::alternative<"dog", Dog>>;
///     struct OwnerDto { Pet pet; };      // {"pet":{"kind":"dog","barks":true}}
///
/// The property may stand anywhere in the object. It need not be a field of the DTOs; one that is, is read and written
/// as any field. A missing or unknown one is refused: `kind must be one of the following values: cat, dog`.
template <fixed_string Property, class... Alternatives>
struct tagged_variant : std::variant<typename Alternatives::type...> {
  using base = std::variant<typename Alternatives::type...>;
  using base::base;
  using base::operator=;

  static constexpr std::string_view property() { return Property.view(); }
};

namespace detail {
template <class>
inline constexpr bool is_tagged_variant = false;
template <fixed_string Property, class... Alternatives>
inline constexpr bool is_tagged_variant<tagged_variant<Property, Alternatives...>> = true;
}  // namespace detail

}  // namespace nestcpp
