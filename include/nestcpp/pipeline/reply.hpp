#pragma once
/// @file nestcpp/pipeline/reply.hpp
/// @brief A handler's result on its way out, as interceptors see it.

#include <boost/json/value.hpp>

#include <string>
#include <utility>

namespace nestcpp {

/// A JSON value as text, or nothing (JavaScript's `undefined`, a handler that returns `void`).
class reply {
 public:
  reply() = default;
  [[nodiscard]] static reply from_text(std::string json) {
    reply result;
    result.text_ = std::move(json);
    result.has_value_ = true;
    return result;
  }
  [[nodiscard]] static reply from_value(const boost::json::value& value);

  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  /// The JSON text; empty where there is no value.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Parses the text; null where there is no value.
  [[nodiscard]] boost::json::value value() const;

 private:
  std::string text_;
  bool has_value_ = false;
};

}  // namespace nestcpp
