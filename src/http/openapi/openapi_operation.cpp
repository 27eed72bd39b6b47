#include <nestcpp/http/openapi/openapi_operation.hpp>

namespace nestcpp::detail {

void signature_builder::parameter(std::string_view in, std::string_view name, bool required,
                                  boost::json::object schema) {
  to.parameters.push_back(
      boost::json::object{{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}});
}

void signature_builder::body_property(std::string_view name, boost::json::object schema) {
  own_properties()["properties"].as_object().emplace(name, std::move(schema));
}

// The object schema that a handler's parameters add properties to, beside the body's DTO.
boost::json::object& signature_builder::own_properties() {
  const boost::json::object empty{{"type", "object"}, {"properties", boost::json::object{}}};
  if (!to.body) return to.body.emplace(empty);
  if (to.body->contains("properties")) return *to.body;
  if (!to.body->contains("allOf")) to.body = boost::json::object{{"allOf", boost::json::array{*to.body, empty}}};
  return (*to.body)["allOf"].as_array().back().as_object();
}

void signature_builder::body(boost::json::object schema) {
  if (to.body) {
    to.body = boost::json::object{{"allOf", boost::json::array{std::move(schema), *to.body}}};
  } else {
    to.body = std::move(schema);
  }
}

void signature_builder::file(std::string_view name, bool required, bool several) {
  to.body_type = "multipart/form-data";
  boost::json::object one{{"type", "string"}, {"format", "binary"}};
  boost::json::object& object = own_properties();
  object["properties"].as_object().emplace(
      name, several ? boost::json::object{{"type", "array"}, {"items", std::move(one)}} : std::move(one));
  if (!required) return;
  if (!object.contains("required")) object["required"] = boost::json::array{};
  object["required"].as_array().emplace_back(name);
}

void signature_builder::add_fields(std::string_view in, const boost::json::object& schema) {
  const auto* required = schema.if_contains("required");
  for (const auto& [name, property] : schema.at("properties").as_object()) {
    bool needed = in == "path";
    if (required != nullptr) {
      for (const auto& each : required->as_array()) needed = needed || each.as_string() == name;
    }
    parameter(in, name, needed, property.as_object());
  }
}

}  // namespace nestcpp::detail
