#pragma once
/// @file nestcpp/pipeline/reply.hpp
/// @brief A handler's result on its way out, as interceptors see it.

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <utility>

namespace nestcpp {

template <class T>
class stream;  // nestcpp/core/stream.hpp

/// A JSON value as text, or nothing (JavaScript's `undefined`, a handler that returns `void`), or a stream of such.
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

  /// What a handler that returns `stream<T>` gives. An interceptor may take the values, and give a stream of its own.
  [[nodiscard]] static reply from_stream(stream<reply> values);

  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  /// The JSON text; empty where there is no value.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Parses the text; null where there is no value.
  [[nodiscard]] boost::json::value value() const;

  /// Then there is neither text nor value. Copies share the stream.
  [[nodiscard]] bool is_stream() const noexcept { return stream_ != nullptr; }
  /// Leaves an empty stream behind.
  [[nodiscard]] stream<reply> take_stream() const;

 private:
  std::string text_;
  std::shared_ptr<stream<reply>> stream_;
  bool has_value_ = false;
};

}  // namespace nestcpp
