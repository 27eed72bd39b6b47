#include <nestcpp/dto/validation.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>

namespace nestcpp {
namespace {

boost::json::array texts_of(const validation_error& error) {
  boost::json::array texts;
  for (const auto& [constraint, message] : error.constraints) texts.emplace_back(message);
  return texts;
}

// NestJS's flattening: what an error with children says itself comes after them, and not at all at the top level.
void flatten_children(const validation_error& error, const std::string& parent, std::vector<std::string>& messages) {
  const std::string path = parent.empty() ? error.property : parent + '.' + error.property;
  for (const auto& child : error.children) {
    if (!child.children.empty()) flatten_children(child, path, messages);
    for (const auto& [constraint, message] : child.constraints) messages.push_back(path + '.' + message);
  }
}

void group(const validation_error& error, const std::string& parent, boost::json::object& groups) {
  const std::string path = parent.empty() ? error.property : parent + '.' + error.property;
  if (!error.constraints.empty()) groups[path] = texts_of(error);
  for (const auto& child : error.children) group(child, path, groups);
}

boost::json::value message_of(const std::vector<validation_error>& errors, const validation_options& options) {
  if (options.disable_error_messages) return nullptr;
  if (options.error_format == validation_error_format::grouped) {
    boost::json::object groups;
    for (const auto& error : errors) group(error, {}, groups);
    // An object in the message's place would be answered as the whole body.
    return boost::json::object{{"message", std::move(groups)}, {"error", http_status_title(400)}, {"statusCode", 400}};
  }
  boost::json::array list;
  for (auto& message : flatten_messages(errors)) list.emplace_back(std::move(message));
  return list;
}

}  // namespace

void validation_error::add(std::string_view constraint, std::string message) {
  const auto same = std::find_if(constraints.begin(), constraints.end(),
                                 [constraint](const auto& entry) { return entry.first == constraint; });
  if (same != constraints.end()) {
    same->second = std::move(message);
  } else {
    constraints.emplace_back(constraint, std::move(message));
  }
}

std::vector<std::string> flatten_messages(const std::vector<validation_error>& errors) {
  std::vector<std::string> messages;
  for (const auto& error : errors) {
    if (error.children.empty()) {
      for (const auto& [constraint, message] : error.constraints) messages.push_back(message);
    } else {
      flatten_children(error, {}, messages);
    }
  }
  return messages;
}

validation_exception::validation_exception(std::vector<validation_error> errors, const validation_options& options)
    : bad_request_exception{message_of(errors, options)},
      errors_{std::make_shared<const std::vector<validation_error>>(std::move(errors))} {}

validation_exception::validation_exception(std::string message)
    : bad_request_exception{boost::json::value(std::move(message))},
      errors_{std::make_shared<const std::vector<validation_error>>()} {}

json_syntax_error::json_syntax_error(const std::string& message, std::size_t position)
    : bad_request_exception{boost::json::value(message)},
      position_{position},
      safe_what_{"malformed JSON at position " + std::to_string(position)} {}

read_result::read_result(json_syntax_error error) : failure_{std::make_unique<failure>()} {
  failure_->syntax = std::move(error);
}

read_result::read_result(validation_exception error) : failure_{std::make_unique<failure>()} {
  failure_->rules = std::move(error);
}

void read_result::throw_if_failed() const {
  if (failure_ == nullptr) return;
  if (failure_->syntax) throw json_syntax_error{*failure_->syntax};
  throw validation_exception{*failure_->rules};
}

}  // namespace nestcpp
