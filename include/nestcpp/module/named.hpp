#pragma once
/// @file nestcpp/module/named.hpp
/// @brief Providers of one type, told apart by a name: NestJS's `@Inject('PRIMARY')`.

#include <nestcpp/core/fixed_string.hpp>
#include <nestcpp/module/detail/type_id.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace nestcpp {

/// Stands for the provider of `T` with that name wherever a token is named, and in `NEST_INJECT`; there and in a
/// factory's parameters it is a reference to it:
/// @code
/// provide_value<nest::named<"primary", Database>>(Database{…});
/// provide_value<nest::named<"replica", Database>>(Database{…});
/// …
/// NEST_INJECT(nest::named<"primary", Database>, nest::named<"replica", Database>);
/// Reports(Database& primary, const Database& replica);
/// @endcode
/// @par Lifetime The provider's; a copy refers to the same object.
template <fixed_string Name, class T>
class named {
 public:
  using type = T;

  explicit named(T& object) noexcept : object_{&object} {}

  [[nodiscard]] T& get() const noexcept { return *object_; }
  [[nodiscard]] T& operator*() const noexcept { return *object_; }
  [[nodiscard]] T* operator->() const noexcept { return object_; }
  operator T&() const noexcept { return *object_; }  // NOLINT: reads like the object

 private:
  T* object_;
};

namespace detail {

/// The type of the object that a token stands for.
template <class Token>
struct token_object {
  using type = Token;
  static constexpr bool is_named = false;
};
template <fixed_string Name, class T>
struct token_object<named<Name, T>> {
  using type = T;
  static constexpr bool is_named = true;
};
template <class Token>
using token_object_t = typename token_object<Token>::type;

// As it is written in code; what a compiler prints of a fixed_string is not.
template <fixed_string Name, class T>
struct named_text {
  static constexpr std::string_view before = "named<\"", between = "\", ", after = ">";
  static constexpr std::size_t size =
      before.size() + Name.view().size() + between.size() + type_name<T>().size() + after.size();
  static constexpr std::array<char, size> text = [] {
    std::array<char, size> result{};
    std::size_t at = 0;
    for (const std::string_view part : {before, Name.view(), between, type_name<T>(), after}) {
      for (const char c : part) result[at++] = c;
    }
    return result;
  }();
};
template <fixed_string Name, class T>
inline constexpr type_descriptor type_descriptor_of<named<Name, T>>{
    std::string_view{named_text<Name, T>::text.data(), named_text<Name, T>::size}};

/// A token's name in messages.
template <class Token>
constexpr std::string_view token_name() {
  return type_descriptor_of<Token>.name;
}

}  // namespace detail
}  // namespace nestcpp
