#pragma once
/// @file nestcpp/http/openapi/openapi_details.hpp
/// @brief What decorators say to a document about a route.

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace nestcpp {

class schema_components;  // nestcpp/dto/json_schema.hpp

/// An answer that was declared with `api_response`.
struct openapi_response {
  int status = 0;
  std::string description;
  boost::json::object (*schema)(schema_components&) = nullptr;  ///< null: NestJS's error body, or none below 400
};

/// What decorators say to the document.
struct openapi_details {
  std::string summary, description;
  std::vector<openapi_response> responses;
  bool deprecated = false;
  bool excluded = false;
  bool bearer_auth = false;
};

}  // namespace nestcpp
