#pragma once
/// @file nestcpp/dto/validation.hpp
/// @brief What a refused payload is told: class-validator's error tree and NestJS's body made from it, and malformed
/// JSON.

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/dto/validation_options.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

/// One property with what is wrong with it: class-validator's `ValidationError`.
struct validation_error {
  std::string property;
  /// What was sent; empty where the property was missing, and where there are children. Part of a message only where a
  /// text of yours asks for `$value`.
  std::optional<boost::json::value> value{};
  /// Constraint → message, in class-validator's order.
  std::vector<std::pair<std::string, std::string>> constraints{};
  std::vector<validation_error> children{};
  /// The object that the property belongs to; with `validation_error_options::target` only, and of errors with children
  /// only on the outermost, whose object holds the others.
  std::optional<boost::json::value> target{};

  /// A second message for a constraint replaces the first one in its place, as in a JavaScript object.
  void add(std::string_view constraint, std::string message);
};

/// The messages of a tree as NestJS lists them: nested ones with their path in front (`addr.street must be a string`).
[[nodiscard]] std::vector<std::string> flatten_messages(const std::vector<validation_error>& errors);

/// A payload that broke its DTO's rules: 400 with `{"message":[…],"error":"Bad Request","statusCode":400}`, or the
/// status that `error_http_status_code` says.
class validation_exception : public bad_request_exception {
 public:
  explicit validation_exception(std::vector<validation_error> errors,
                                const validation_options& options = default_validation_options);
  /// NestJS's refusal of a payload that is no object: one text instead of a list.
  explicit validation_exception(std::string message, const validation_options& options = default_validation_options);

  [[nodiscard]] const std::vector<validation_error>& errors() const noexcept { return *errors_; }

 private:
  std::shared_ptr<const std::vector<validation_error>> errors_;  // exceptions are copied; must not throw then
};

/// Text that is no JSON: 400. The message is that of Node 20's `JSON.parse`, made to begin with "Unexpected" or
/// "Expected" where Node's does not; it may quote up to 20 characters of the text, `what()` never does.
class json_syntax_error : public bad_request_exception {
 public:
  json_syntax_error(const std::string& message, std::size_t position);

  /// Where it went wrong, in UTF-16 units.
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  [[nodiscard]] const char* what() const noexcept override { return safe_what_.c_str(); }

 private:
  std::size_t position_;
  std::string safe_what_;
};

/// The outcome of `read_json`: success, or one of the two exceptions above, not thrown yet.
class [[nodiscard]] read_result {
 public:
  read_result() = default;
  explicit read_result(json_syntax_error error);
  explicit read_result(validation_exception error);
  /// A validation_exception, and what `exception_factory` makes of the errors.
  read_result(std::vector<validation_error> errors, const validation_options& options);

  /// Whether the object has been read and has passed.
  explicit operator bool() const noexcept { return failure_ == nullptr; }
  /// Null unless the text was malformed.
  [[nodiscard]] const json_syntax_error* syntax_error() const noexcept {
    return failure_ && failure_->syntax ? &*failure_->syntax : nullptr;
  }
  /// Null unless the rules were broken.
  [[nodiscard]] const validation_exception* validation_failure() const noexcept {
    return failure_ && failure_->rules ? &*failure_->rules : nullptr;
  }
  /// Throws what failed, or what `exception_factory` made of it; nothing after a success.
  void throw_if_failed() const;

 private:
  struct failure {
    std::optional<json_syntax_error> syntax;
    std::optional<validation_exception> rules;
    std::exception_ptr instead;
  };
  std::unique_ptr<failure> failure_;
};

}  // namespace nestcpp
