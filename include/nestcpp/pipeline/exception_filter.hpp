#pragma once
/// @file nestcpp/pipeline/exception_filter.hpp
/// @brief Filters turn an exception into the one answer a caller gets.

#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/json/value.hpp>

#include <exception>
#include <optional>

namespace nestcpp {

/// What the caller gets: over HTTP status and body, of a message handler `err` = body.
struct error_response {
  int status = 500;
  boost::json::value body;
};

class recovering_filter;

/// NestJS's ExceptionFilter. Of all filters that catch an exception the first counts, searched method → controller →
/// global and from last to first in each list. One instance serves all calls, from all loops at a time.
class exception_filter {
 public:
  virtual ~exception_filter() = default;
  [[nodiscard]] virtual bool catches(const std::exception&) const { return true; }
  /// A filter that throws is logged, and the caller gets an internal error.
  virtual error_response catch_exception(const std::exception& exception, execution_context& context) = 0;

 private:
  friend class handler_chain;
  friend class recovering_filter;
  virtual recovering_filter* as_recovering() noexcept { return nullptr; }
};

/// A filter that may give a call its result after all: NestJS's filters that return `of(value)`. A stream that has
/// begun and a call whose time is over are past recovery. The handlers behind it run as coroutines.
class recovering_filter : public exception_filter {
 public:
  /// @return a value, nothing (`reply{}`) or a stream; nullopt: `catch_exception` is asked. What it throws is logged
  /// and counts as nullopt.
  virtual std::optional<reply> recover(const std::exception& exception, execution_context& context) = 0;
  error_response catch_exception(const std::exception& exception, execution_context& context) override;

 private:
  recovering_filter* as_recovering() noexcept final { return this; }
};

/// A filter for one family: NestJS's `@Catch(E)`.
template <class E>
class exception_filter_for : public exception_filter {
 public:
  [[nodiscard]] bool catches(const std::exception& exception) const final {
    return dynamic_cast<const E*>(&exception) != nullptr;
  }
  error_response catch_exception(const std::exception& exception, execution_context& context) final {
    return catch_typed(dynamic_cast<const E&>(exception), context);
  }
  virtual error_response catch_typed(const E& exception, execution_context& context) = 0;
};

/// Stands for what was thrown and is no std::exception.
class unknown_exception : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "something that is no std::exception was thrown"; }
};

/// The answer where no filter catches. http_exceptions and rpc_exceptions are answered with their body, over either
/// transport; an `err` that a service sent keeps its `statusCode` over HTTP; a service that is down is 503, one that
/// does not answer 504; everything else is logged with its cause and answered "Internal server error". With
/// `nestjs_compatible_errors()` it is what NestJS answers.
[[nodiscard]] error_response default_error_response(const std::exception& exception, execution_context& context);

}  // namespace nestcpp
