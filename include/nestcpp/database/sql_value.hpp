#pragma once
/// @file nestcpp/database/sql_value.hpp
/// @brief Typed statement parameters. A value travels beside the SQL text, never inside it.

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>

#include <boost/json/value.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nestcpp {

class column_value;
class sql_value;

/// How a type of your own is stored: specialise with `static sql_value to(const T&)` and `static T from(const
/// column_value&)`.
/// @code
/// template <> struct nestcpp::database_type<Status> {
///   static sql_value to(Status s) { return std::string{to_string(s)}; }
///   static Status from(const column_value& f) { return parse_status(f.as<std::string_view>()); }
/// };
/// @endcode
template <class T>
struct database_type;

namespace detail {
template <class T>
concept has_database_type = requires(const T& v, const column_value& f) {
  { database_type<T>::to(v) } -> std::convertible_to<sql_value>;
  { database_type<T>::from(f) } -> std::convertible_to<T>;
};
template <class T>
inline constexpr bool is_character_v =
    std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
    std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;
template <class T>
concept database_integer = std::integral<T> && !std::is_same_v<T, bool> && !is_character_v<T>;
[[noreturn]] void throw_integer_too_large();
[[nodiscard]] std::string to_json_parameter(const boost::json::value& v);

/// The items of an array, each of the same type or null.
struct sql_array {
  std::vector<sql_value> items;
};
}  // namespace detail

/// One parameter: null, bool, a 64-bit integer, double, text (UTF-8), uuid, timestamp, JSON, or an array of these.
///
/// | type | PostgreSQL | SQLite |
/// |---|---|---|
/// | bool | boolean | integer 0, 1 |
/// | uuid | uuid | lower-case text |
/// | timestamp | timestamptz | text, ISO 8601 UTC with milliseconds |
/// | `boost::json::value` | json, jsonb, text | text |
/// | `std::vector` of one of these or of optionals | an array: `text[]`, `integer[]`, … | text, a JSON array |
///
/// A JSON null is stored as the JSON text `null`; for SQL's null use a `std::optional`.
///
/// Text that is not valid UTF-8 is stored with U+FFFD in place of each bad sequence, on both. Text with a NUL is
/// refused when the statement is executed: a `database_error` that names the parameter.
class sql_value {
 public:
  using storage =
      std::variant<std::monostate, bool, std::int64_t, double, std::string, uuid, timestamp, detail::sql_array>;

  sql_value() = default;        ///< null
  sql_value(std::nullptr_t) {}  ///< null
  sql_value(std::nullopt_t) {}  ///< null
  sql_value(std::string v) : data_{std::move(v)} {}
  sql_value(std::string_view v) : data_{std::string{v}} {}
  sql_value(const char* v) : data_{std::string{v}} {}
  sql_value(const uuid& v) : data_{v} {}
  sql_value(const timestamp& v) : data_{v} {}
  template <std::same_as<bool> T>
  sql_value(T v) : data_{v} {}
  /// @throws database_error where an unsigned number does not fit 63 bits.
  template <detail::database_integer T>
  sql_value(T v) : data_{static_cast<std::int64_t>(v)} {
    if (!std::in_range<std::int64_t>(v)) detail::throw_integer_too_large();
  }
  template <std::floating_point T>
  sql_value(T v) : data_{static_cast<double>(v)} {}
  /// Nothing else is taken for JSON that JSON could hold.
  template <std::same_as<boost::json::value> T>
  sql_value(const T& v) : data_{detail::to_json_parameter(v)} {}
  template <class T>
    requires(!std::same_as<T, sql_value> && !detail::has_database_type<std::vector<T>> &&
             std::constructible_from<sql_value, const T&>)
  sql_value(const std::vector<T>& v) {
    detail::sql_array array;
    array.items.reserve(v.size());
    for (const T& each : v) array.items.emplace_back(each);
    data_ = std::move(array);
  }
  template <class T>
    requires std::constructible_from<sql_value, const T&>
  sql_value(const std::optional<T>& v) {
    if (v) *this = sql_value{*v};
  }
  /// Enumerations with a NEST_ENUM (by name), and types with a `database_type`.
  template <class T>
    requires detail::has_database_type<T>
  sql_value(const T& v) : sql_value{database_type<T>::to(v)} {}

  [[nodiscard]] bool is_null() const noexcept { return data_.index() == 0; }
  [[nodiscard]] const storage& data() const noexcept { return data_; }
  [[nodiscard]] storage& data() noexcept { return data_; }

 private:
  storage data_;
};

/// A statement's parameters: the first is `$1`.
using sql_values = std::vector<sql_value>;

}  // namespace nestcpp
