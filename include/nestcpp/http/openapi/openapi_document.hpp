#pragma once
/// @file nestcpp/http/openapi/openapi_document.hpp
/// @brief The OpenAPI 3.1 document of a service, and how it is served.

#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/http/openapi/openapi_operation.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

/// What stands in the document beside the routes: NestJS's DocumentBuilder.
///
///     app.setup_swagger("api", nest::document_builder{}.set_title("Cats").set_version("1.0").add_bearer_auth());
class document_builder {
 public:
  document_builder& set_title(std::string title) { return set(title_, std::move(title)); }
  document_builder& set_description(std::string text) { return set(description_, std::move(text)); }
  document_builder& set_version(std::string version) { return set(version_, std::move(version)); }
  document_builder& set_license(std::string name, std::string identifier) {
    license_ = std::move(name);
    return set(license_identifier_, std::move(identifier));
  }
  document_builder& add_server(std::string url, std::string description = {});
  document_builder& add_tag(std::string name, std::string description = {});
  /// Declares the security scheme `bearer` that `api_bearer_auth()` asks for.
  document_builder& add_bearer_auth();

  /// @param operations in the order of the document
  [[nodiscard]] boost::json::object build(const std::vector<openapi_operation>& operations) const;

  [[nodiscard]] const std::string& title() const noexcept { return title_; }
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  [[nodiscard]] const std::string& version() const noexcept { return version_; }

 private:
  document_builder& set(std::string& what, std::string to) {
    what = std::move(to);
    return *this;
  }

  std::string title_ = "API", description_, version_ = "1.0", license_, license_identifier_;
  std::vector<std::pair<std::string, std::string>> servers_, tags_;
  bool bearer_ = false;
};

/// A JSON value as YAML 1.2, block style; ends with a newline.
[[nodiscard]] std::string to_yaml(const boost::json::value& value);

/// Serves the document at `/<path>-json` and `/<path>-yaml`, and Swagger UI at `/<path>`.
/// @param path without slashes around it: "api"
/// @param ui_folder of the npm package swagger-ui-dist; where its files are missing, `/<path>` says so
/// @throws startup_error where one of the routes exists
void mount_openapi(http_dispatcher& dispatcher, const std::string& path, const boost::json::object& document,
                   const std::string& ui_folder);
/// Serves a document at `/<path>-json` and `/<path>-yaml`.
void mount_document(http_dispatcher& dispatcher, const std::string& path, const boost::json::object& document);

}  // namespace nestcpp
