#include <nestcpp/http/openapi/openapi_document.hpp>

#include "http/answers.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <algorithm>
#include <set>

namespace nestcpp {

namespace {

// "/users/{id}" of "/users/:id", and of what may be left out both.
std::vector<std::string> paths_of(std::string_view pattern) {
  if (const auto open = pattern.find('{'); open != std::string_view::npos) {
    const auto close = pattern.find('}', open);
    const std::string before{pattern.substr(0, open)};
    const std::string after{pattern.substr(close + 1)};
    std::vector<std::string> all = paths_of(before + after);
    for (auto& each : paths_of(before + std::string{pattern.substr(open + 1, close - open - 1)} + after)) {
      all.push_back(std::move(each));
    }
    return all;
  }
  std::string path;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::string_view segment = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(segment.size());
    const bool named = segment.starts_with(':') || segment.starts_with('*');
    path += '/';
    path += named ? "{" + std::string{segment.substr(1)} + "}" : std::string{segment};
  }
  return {path.empty() ? "/" : path};
}

boost::json::object error_schema() {
  return {{"type", "object"},
          {"properties",
           boost::json::object{
               {"message",
                boost::json::object{
                    {"description", "What was wrong: a text, or the texts of all rules that were not kept"},
                    {"anyOf",
                     boost::json::array{
                         boost::json::object{{"type", "string"}},
                         boost::json::object{{"type", "array"}, {"items", boost::json::object{{"type", "string"}}}}}}}},
               {"error", boost::json::object{{"type", "string"}, {"description", "The status in words"}}},
               {"statusCode", boost::json::object{{"type", "integer"}}}}},
          {"required", boost::json::array{"message", "statusCode"}}};
}

boost::json::object content(const std::string& type, boost::json::object schema) {
  return {{type, boost::json::object{{"schema", std::move(schema)}}}};
}

boost::json::object error_answer(schema_components& components, std::string description) {
  components.add("ErrorResponse", error_schema());
  return {{"description", std::move(description)},
          {"content", content("application/json", schema_components::reference("ErrorResponse"))}};
}

std::string words(int status) { return std::string{detail::reason_phrase(status)}; }

boost::json::object answers_of(const openapi_operation& operation, const openapi_signature& signature,
                               schema_components& components) {
  std::map<int, boost::json::object> answers;
  boost::json::object success{{"description", words(operation.status)}};
  if (signature.answer) success.emplace("content", content(signature.answer_type, *signature.answer));
  answers.emplace(operation.status, std::move(success));
  if (signature.body || !signature.parameters.empty()) {
    answers.emplace(400, error_answer(components, "The request does not keep the rules"));
  }
  if (operation.details.bearer_auth) answers.emplace(401, error_answer(components, words(401)));
  if (operation.has_guards) answers.emplace(403, error_answer(components, words(403)));
  for (const openapi_response& each : operation.details.responses) {
    std::string description = each.description.empty() ? words(each.status) : each.description;
    boost::json::object answer;
    if (each.schema != nullptr) {
      answer = {{"description", std::move(description)},
                {"content", content("application/json", each.schema(components))}};
    } else if (each.status >= 400) {
      answer = error_answer(components, std::move(description));
    } else {
      answer = {{"description", std::move(description)}};
      if (each.status == operation.status && signature.answer) {
        answer.emplace("content", content(signature.answer_type, *signature.answer));
      }
    }
    answers[each.status] = std::move(answer);
  }
  boost::json::object all;
  for (auto& [status, answer] : answers) all.emplace(std::to_string(status), std::move(answer));
  return all;
}

std::string default_tag(std::string_view controller) {
  constexpr std::string_view end = "Controller";
  if (controller.size() > end.size() && controller.ends_with(end)) controller.remove_suffix(end.size());
  return std::string{controller};
}

// Where a part may be left out, its parameter is missing from the path without it.
boost::json::array parameters_in(const boost::json::array& all, const std::string& path) {
  boost::json::array kept;
  for (const auto& each : all) {
    const auto& parameter = each.as_object();
    const bool in_path = parameter.at("in").as_string() == "path";
    const std::string name{parameter.at("name").as_string()};
    if (!in_path || path.find("{" + name + "}") != std::string::npos) kept.push_back(each);
  }
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
    const std::string name = path.substr(at + 1, path.find('}', at) - at - 1);
    const bool known = std::ranges::any_of(kept, [&](const auto& each) {
      return each.as_object().at("in").as_string() == "path" && each.as_object().at("name").as_string() == name;
    });
    if (!known) {
      kept.push_back(boost::json::object{
          {"name", name}, {"in", "path"}, {"required", true}, {"schema", boost::json::object{{"type", "string"}}}});
    }
  }
  return kept;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

}  // namespace

document_builder& document_builder::add_server(std::string url, std::string description) {
  servers_.emplace_back(std::move(url), std::move(description));
  return *this;
}
document_builder& document_builder::add_tag(std::string name, std::string description) {
  tags_.emplace_back(std::move(name), std::move(description));
  return *this;
}
document_builder& document_builder::add_bearer_auth() {
  bearer_ = true;
  return *this;
}

boost::json::object document_builder::build(const std::vector<openapi_operation>& operations) const {
  schema_components components;
  boost::json::object paths;
  std::set<std::string> ids;
  std::set<std::string> used_tags;
  for (const openapi_operation& operation : operations) {
    if (operation.details.excluded || operation.method == http_method::all || operation.method == http_method::other)
      continue;
    components.forbids_unknown = operation.forbids_unknown;
    openapi_signature signature = operation.describe(components);
    if (operation.sends_events) signature.answer_type = "text/event-stream";
    const std::vector<std::string> tags =
        operation.tags.empty() ? std::vector{default_tag(operation.controller)} : operation.tags;
    used_tags.insert(tags.begin(), tags.end());
    for (const std::string& path : paths_of(operation.path)) {
      boost::json::object made;
      std::string id = operation.controller + "_" + operation.handler;
      for (int i = 2; !ids.insert(id).second; ++i)
        id = operation.controller + "_" + operation.handler + std::to_string(i);
      made.emplace("operationId", id);
      const openapi_details& details = operation.details;
      made.emplace("summary", details.summary.empty() ? operation.handler : details.summary);
      if (!details.description.empty()) made.emplace("description", details.description);
      if (details.deprecated) made.emplace("deprecated", true);
      boost::json::array tag_names;
      for (const std::string& tag : tags) tag_names.push_back(boost::json::value(tag));
      made.emplace("tags", std::move(tag_names));
      if (auto parameters = parameters_in(signature.parameters, path); !parameters.empty()) {
        made.emplace("parameters", std::move(parameters));
      }
      if (signature.body) {
        made.emplace("requestBody", boost::json::object{{"required", true},
                                                        {"content", content(signature.body_type, *signature.body)}});
      }
      made.emplace("responses", answers_of(operation, signature, components));
      if (details.bearer_auth) {
        made.emplace("security", boost::json::array{boost::json::object{{"bearer", boost::json::array{}}}});
      } else {
        made.emplace("security", boost::json::array{});
      }
      auto& item = paths[path];
      if (!item.is_object()) item = boost::json::object{};
      item.as_object().emplace(lower_case(to_string(operation.method)), std::move(made));
    }
  }
  boost::json::object info{{"title", title_}};
  if (!description_.empty()) info.emplace("description", description_);
  info.emplace("version", version_);
  if (!license_.empty()) {
    boost::json::object license{{"name", license_}};
    if (!license_identifier_.empty()) license.emplace("identifier", license_identifier_);
    info.emplace("license", std::move(license));
  }
  boost::json::array tags;
  const auto add_tag = [&](const std::string& name, const std::string& text) {
    boost::json::object tag{{"name", name}};
    if (!text.empty()) tag.emplace("description", text);
    tags.push_back(std::move(tag));
  };
  for (const auto& [name, text] : tags_) {
    add_tag(name, text);
    used_tags.erase(name);
  }
  for (const std::string& name : used_tags) add_tag(name, {});
  boost::json::array servers;
  for (const auto& [url, text] : servers_) {
    boost::json::object server{{"url", url}};
    if (!text.empty()) server.emplace("description", text);
    servers.push_back(std::move(server));
  }
  if (servers.empty()) servers.push_back(boost::json::object{{"url", "/"}});
  boost::json::object parts;
  if (bearer_) {
    parts.emplace(
        "securitySchemes",
        boost::json::object{
            {"bearer", boost::json::object{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}});
  }
  parts.emplace("schemas", components.schemas());
  return {{"openapi", "3.1.0"},      {"info", std::move(info)},   {"servers", std::move(servers)},
          {"tags", std::move(tags)}, {"paths", std::move(paths)}, {"components", std::move(parts)}};
}

}  // namespace nestcpp
