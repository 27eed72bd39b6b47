#pragma once
/// @file nestcpp/dto/secret.hpp
/// @brief A value that no log line, message or JSON shows: it is written as `***`.

#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/json_codec.hpp>
#include <nestcpp/dto/json_cursor.hpp>
#include <nestcpp/dto/json_writer.hpp>

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace nestcpp {

/// `nest::secret<std::string> password;` … `connect(password.reveal())`. Read from JSON and from the environment as a
/// `T`; written as `***` by fmt, streams and JSON.
template <class T>
class secret {
 public:
  using value_type = T;

  secret() = default;
  secret(T value) : value_{std::move(value)} {}  // NOLINT: what becomes secret loses nothing
  secret(const char* text)                       // NOLINT
    requires std::is_same_v<T, std::string>
      : value_{text} {}

  [[nodiscard]] const T& reveal() const noexcept { return value_; }
  [[nodiscard]] T& reveal() noexcept { return value_; }

  friend bool operator==(const secret&, const secret&) = default;
  friend std::ostream& operator<<(std::ostream& out, const secret&) { return out << "***"; }

 private:
  T value_{};
};

namespace detail {
template <class T>
struct secret_kind {};
template <>
struct secret_kind<std::string> {
  static constexpr json_kind kind = json_kind::string;
};
}  // namespace detail

template <class T>
struct json_codec<secret<T>> : detail::secret_kind<T> {
  static constexpr std::string_view expected = detail::value_codec<T>::expected;
  static bool read(json_cursor& in, secret<T>& out) {
    std::string_view text;
    return in.raw_value(text) && static_cast<bool>(read_json(text, out.reveal()));
  }
  static void write(json_writer& out, const secret<T>&) { out.string("***"); }
};

}  // namespace nestcpp

template <class T>
struct fmt::formatter<nestcpp::secret<T>> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const nestcpp::secret<T>&, Context& context) const {
    return fmt::formatter<fmt::string_view>::format("***", context);
  }
};
