#pragma once
/// @file nestcpp/http/http_request.hpp
/// @brief A request as it came off the wire, whatever the adapter.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/http/http_form.hpp>
#include <nestcpp/http/http_headers.hpp>
#include <nestcpp/http/http_method.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

/// @par Lifetime Views live as long as the request and until it is changed.
class http_request {
 public:
  http_request() = default;
  /// @param method as sent, for example "GET"
  /// @param target as sent: `/users/7?full=1`, or absolute (`http://host/users/7`)
  http_request(std::string method, std::string target);

  [[nodiscard]] http_method method() const noexcept { return method_; }
  [[nodiscard]] const std::string& method_text() const noexcept { return method_text_; }
  /// Path and query as sent.
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  /// The path as sent, percent-encoding and all; routing decodes parameters one by one.
  [[nodiscard]] std::string_view path() const noexcept {
    return std::string_view{target_}.substr(path_begin_, path_end_ - path_begin_);
  }

  /// Query parameters in the order sent, decoded; bad percent-encoding stays as it is.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& query() const noexcept { return query_; }
  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const noexcept;
  /// The value of a cookie, decoded; a bad percent-encoding stays as it is. nullopt: the caller sent none of that name.
  [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;

  http_headers headers;
  /// As sent, after content codings (gzip) were undone.
  std::string body;
  /// What an `application/x-www-form-urlencoded` body says; the dispatcher reads it.
  std::shared_ptr<const http_form> form{};
  /// The caller's address without the port; empty where it is unknown.
  std::string remote_address;
  std::chrono::steady_clock::time_point received_at = clock::now();

 private:
  void parse_target();

  std::string method_text_;
  std::string target_;
  std::vector<std::pair<std::string, std::string>> query_;
  std::size_t path_begin_ = 0;
  std::size_t path_end_ = 0;
  http_method method_ = http_method::other;
};

}  // namespace nestcpp
