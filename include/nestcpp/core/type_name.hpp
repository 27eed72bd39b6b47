#pragma once
/// @file nestcpp/core/type_name.hpp
/// @brief The names of types as their authors wrote them, at compile time, for messages and logs.

#include <array>
#include <cstddef>
#include <string_view>

namespace nestcpp {
namespace detail {

template <class T>
constexpr std::string_view function_signature() {
  return __PRETTY_FUNCTION__;
}

// What the compiler prints around a type is measured with a type whose name is known.
inline constexpr std::string_view probe_signature = function_signature<double>();
inline constexpr std::size_t type_name_prefix = probe_signature.find("double");
inline constexpr std::size_t type_name_suffix = probe_signature.size() - type_name_prefix - 6;

template <class T>
constexpr std::string_view written_type_name() {
  constexpr std::string_view signature = function_signature<T>();
  return signature.substr(type_name_prefix, signature.size() - type_name_prefix - type_name_suffix);
}

template <std::size_t N>
struct clean_type_name {
  std::array<char, N> text{};
  std::size_t size = 0;

  constexpr explicit clean_type_name(std::string_view written) {
    while (!written.empty()) {
      bool noise = false;
      for (std::string_view marker : {"(anonymous namespace)::", "{anonymous}::", "<unnamed>::"}) {
        if (written.substr(0, marker.size()) != marker) continue;
        written.remove_prefix(marker.size());
        noise = true;
      }
      if (noise) continue;
      text[size++] = written.front();
      written.remove_prefix(1);
    }
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), size}; }
};

template <class T>
inline constexpr clean_type_name<written_type_name<T>().size()> type_name_storage{written_type_name<T>()};

}  // namespace detail

/// "users::UsersService" for `users::UsersService`; anonymous namespaces are left out. Lives as long as the program.
template <class T>
[[nodiscard]] constexpr std::string_view type_name() {
  return detail::type_name_storage<T>.view();
}

/// "UsersService" for `users::UsersService`, "Repository<users::User>" for `db::Repository<users::User>`.
template <class T>
[[nodiscard]] constexpr std::string_view short_type_name() {
  constexpr std::string_view name = type_name<T>();
  constexpr std::string_view before_arguments = name.substr(0, name.find('<'));
  constexpr std::size_t colons = before_arguments.rfind("::");
  return colons == std::string_view::npos ? name : name.substr(colons + 2);
}

}  // namespace nestcpp
