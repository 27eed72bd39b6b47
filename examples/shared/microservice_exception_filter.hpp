#pragma once

#include "shared/domain_error.hpp"
#include "shared/nest.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/pipeline/exception_filter.hpp>

/// Says the domains' errors in HTTP's words. Callers over HTTP get the status and the body, callers over TCP the same
/// body as `err`. All other exceptions pass on to the library's own filter.
class MicroserviceExceptionFilter : public nest::exception_filter_for<DomainError> {
 public:
  nest::error_response catch_typed(const DomainError& error, nest::execution_context& context) override {
    if (dynamic_cast<const NotFoundError*>(&error)) {
      return nest::default_error_response(nest::not_found_exception{error.what()}, context);
    }
    if (dynamic_cast<const ConflictError*>(&error)) {
      return nest::default_error_response(nest::conflict_exception{error.what()}, context);
    }
    return nest::default_error_response(nest::bad_request_exception{error.what()}, context);
  }
};
