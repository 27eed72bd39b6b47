#pragma once
/// @file nestcpp/http/http_context.hpp
/// @brief The execution context of an HTTP call.

#include <nestcpp/http/http_request.hpp>
#include <nestcpp/http/http_response.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

/// Decoded path parameters. The names belong to the router.
using route_parameters = std::vector<std::pair<std::string_view, std::string>>;

/// @par Thread safety Not safe: belongs to its call, which runs on one loop.
class http_context : public execution_context {
 public:
  http_context(const handler_info& handler, http_request request, route_parameters parameters = {});
  ~http_context() override { end_attachments(); }

  [[nodiscard]] const http_request& request() const noexcept { return request_; }

  /// Status and headers set here are part of the answer; headers also where the call fails afterwards. What is set
  /// after the call was answered (a handler over its time limit) is dropped.
  [[nodiscard]] http_response& response() noexcept { return response_; }

  /// The body where it is JSON (`Content-Type: application/json`), the fields where it is a form; `{}` where there is
  /// no body or one of another type.
  [[nodiscard]] std::string_view payload_text() const override;
  /// What a form carries; nothing where the body is none. A `multipart/form-data` body is read at the first call, where
  /// the handler takes uploads.
  /// @throws http_exception 400 for what is no form, or has files that the handler does not take
  [[nodiscard]] const http_form& form() const;
  [[nodiscard]] std::optional<std::string_view> path_parameter(std::string_view name) const override;
  [[nodiscard]] std::optional<std::string_view> query_parameter(std::string_view name) const override;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const override;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& query_parameters() const override {
    return request_.query();
  }

 protected:
  /// The caller's `X-Request-Id` if it sent one, without control characters; else a new UUID.
  [[nodiscard]] std::string make_request_id() const override;
  [[nodiscard]] std::string_view traceparent() const override;

 private:
  http_context* as_http() noexcept override { return this; }

  http_request request_;
  http_response response_;
  route_parameters parameters_;
  mutable std::shared_ptr<const http_form> form_;
  bool has_json_body_;
};

}  // namespace nestcpp
