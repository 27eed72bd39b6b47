#include <nestcpp/dto/json_schema.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>

namespace nestcpp {

namespace {

boost::json::value number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (std::trunc(value) == value && std::abs(value) < 9e15) return static_cast<std::int64_t>(value);
  return value;
}

// Texts that a format or an expression tells exactly, or nearly so.
struct text_form {
  std::string_view key, format, pattern;
};
constexpr text_form forms[] = {
    {"isEmail", "email", {}},
    {"isUuid", "uuid", {}},
    {"isIso8601", "date-time", {}},
    {"isDateString", "date-time", {}},
    {"isRFC3339", "date-time", {}},
    {"isUrl", "uri", {}},
    {"isFqdn", "hostname", {}},
    {"isBase64", {}, "^[A-Za-z0-9+/]*={0,2}$"},
    {"isHexadecimal", {}, "^(0x|0h)?[0-9A-Fa-f]+$"},
    {"isHexColor", {}, "^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$"},
    {"isMongoId", {}, "^[0-9A-Fa-f]{24}$"},
    {"isBooleanString", {}, "^(true|false|1|0)$"},
    {"isAlpha", {}, {}},
    {"isMilitaryTime", {}, "^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?$"},
};

void raise(boost::json::object& schema, std::string_view name, const boost::json::value& least) {
  const auto* known = schema.if_contains(name);
  if (known == nullptr || known->to_number<double>() < least.to_number<double>()) schema[name] = least;
}
void lower(boost::json::object& schema, std::string_view name, const boost::json::value& most) {
  const auto* known = schema.if_contains(name);
  if (known == nullptr || known->to_number<double>() > most.to_number<double>()) schema[name] = most;
}

bool is(const boost::json::object& schema, std::string_view type) {
  const auto* own = schema.if_contains("type");
  return own != nullptr && own->is_string() && own->get_string() == type;
}

boost::json::value json_or_text(std::string_view text) {
  boost::system::error_code error;
  boost::json::value parsed = boost::json::parse(text, error);
  return error ? boost::json::value(text) : parsed;
}

}  // namespace

void schema_components::add(std::string_view name, boost::json::object schema) {
  schemas_.emplace(name, std::move(schema));
}

boost::json::object schema_components::reference(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string{name}}};
}

std::string schema_components::free_name(std::string_view name) const {
  std::string clean;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (letter) {
      clean += c;
    } else if (!clean.empty() && clean.back() != '_') {
      clean += '_';
    }
  }
  while (clean.ends_with('_')) clean.pop_back();
  std::string free = clean;
  for (int i = 2; schemas_.contains(free); ++i) free = clean + std::to_string(i);
  return free;
}

std::string schema_components::same_as(std::string_view own, const void* type, const boost::json::object& made) const {
  for (const schema_use use : {schema_use::read, schema_use::written}) {
    const auto other = names_.find({type, use});
    if (other == names_.end() || other->second == own) continue;
    const auto* schema = schemas_.if_contains(other->second);
    if (schema != nullptr && *schema == boost::json::value(made)) return other->second;
  }
  return {};
}

boost::json::object detail::or_null(boost::json::object schema) {
  if (schema.empty()) return schema;
  auto* type = schema.if_contains("type");
  if (type != nullptr && type->is_string() && !schema.contains("enum")) {
    *type = boost::json::array{type->get_string(), "null"};
    return schema;
  }
  return {{"anyOf", boost::json::array{std::move(schema), boost::json::object{{"type", "null"}}}}};
}

void detail::apply_property_options(boost::json::object& schema, const rules::api_property& options) {
  if (!options.description.empty()) schema["description"] = options.description;
  if (!options.example.empty()) schema["examples"] = boost::json::array{json_or_text(options.example)};
  if (!options.default_value.empty()) schema["default"] = json_or_text(options.default_value);
  if (options.deprecated) schema["deprecated"] = true;
}

void detail::apply_rule_to_schema(boost::json::object& schema, std::string_view key,
                                  const std::vector<std::string>& constraints, unsigned levels) {
  if (levels > 0) {
    auto* items = schema.if_contains("items");
    if (items == nullptr) items = schema.if_contains("additionalProperties");
    if (items != nullptr && items->is_object()) apply_rule_to_schema(items->get_object(), key, constraints, levels - 1);
    return;
  }
  if (schema.contains("$ref")) return;
  const auto first = [&] { return number(constraints.at(0)); };
  if (key == "minLength") return raise(schema, "minLength", first());
  if (key == "maxLength") return lower(schema, "maxLength", first());
  if (key == "isLength") {
    raise(schema, "minLength", first());
    return lower(schema, "maxLength", number(constraints.at(1)));
  }
  if (key == "isNotEmpty" && is(schema, "string")) return raise(schema, "minLength", 1);
  if (key == "min") return raise(schema, "minimum", first());
  if (key == "max") return lower(schema, "maximum", first());
  if (key == "isPositive") schema["exclusiveMinimum"] = 0;
  if (key == "isNegative") schema["exclusiveMaximum"] = 0;
  if (key == "isDivisibleBy") schema["multipleOf"] = first();
  if (key == "isInt" && is(schema, "number")) schema["type"] = "integer";
  if (key == "arrayMinSize") return raise(schema, "minItems", first());
  if (key == "arrayMaxSize") return lower(schema, "maxItems", first());
  if (key == "arrayNotEmpty") return raise(schema, "minItems", 1);
  if (key == "arrayUnique") schema["uniqueItems"] = true;
  if (key == "isNotEmptyObject") schema["minProperties"] = 1;
  if (key == "matches" && !constraints.empty()) {  // "/expression/", with flags there is no way to say it
    const std::string& text = constraints[0];
    if (text.size() > 2 && text.front() == '/' && text.back() == '/')
      schema["pattern"] = text.substr(1, text.size() - 2);
  }
  if (key == "isPort") schema["pattern"] = "^[0-9]{1,5}$";
  if (key == "isIp") {
    const std::string version = constraints.empty() ? std::string{} : constraints[0];
    if (version == "4" || version == "6") schema["format"] = "ipv" + version;
  }
  if (!is(schema, "string")) return;
  for (const text_form& form : forms) {
    if (form.key != key) continue;
    if (!form.format.empty() && !schema.contains("format")) schema["format"] = form.format;
    if (!form.pattern.empty() && !schema.contains("pattern")) schema["pattern"] = form.pattern;
  }
}

}  // namespace nestcpp
