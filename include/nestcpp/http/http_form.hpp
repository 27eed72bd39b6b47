#pragma once
/// @file nestcpp/http/http_form.hpp
/// @brief What a form carries: fields and files.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp {

/// A file of a `multipart/form-data` body: Express.Multer.File, in memory.
/// @par Lifetime The content is a part of the request's body and lives as long as the call.
struct form_file {
  std::string field_name;
  std::string original_name;  ///< As the caller says, without folders. No path to store it under.
  std::string mime_type;      ///< As the caller says. Default: text/plain
  std::string_view content;
  [[nodiscard]] std::size_t size() const noexcept { return content.size(); }
};

struct http_form {
  /// The fields as a JSON object of texts: `a[b]=1` is an object's member, `a[]=1` and a repeated name an array.
  std::string json = "{}";
  std::vector<form_file> files{};
};

/// Which files a route takes; what its `uploaded_file<…>` parameters say.
struct upload_fields {
  struct field {
    std::string_view name;
    std::size_t max_count = 1;
  };
  std::vector<field> fields;
  bool any = false;
};

}  // namespace nestcpp
