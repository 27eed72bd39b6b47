#include <nestcpp/dto/validation.hpp>

#include <nestcpp/dto/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

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

// NestJS's bound of an answer's size: each message counts with the path of its property. What comes after the message
// that went beyond is left out.
class message_budget {
 public:
  explicit message_budget(std::size_t length) : left_{static_cast<std::int64_t>(std::min<std::size_t>(length, max))} {}

  std::vector<validation_error> limit(const std::vector<validation_error>& errors, std::size_t parent_path = 0) {
    std::vector<validation_error> limited;
    for (const auto& error : errors) {
      if (left_ <= 0) {
        exceeded_ = true;
        break;
      }
      const std::size_t path = parent_path + utf16_length(error.property) + 1;
      for (const auto& [constraint, message] : error.constraints) {
        left_ -= static_cast<std::int64_t>(path + utf16_length(message));
      }
      limited.push_back({error.property, std::nullopt, error.constraints, limit(error.children, path)});
    }
    return limited;
  }
  [[nodiscard]] bool exceeded() const noexcept { return exceeded_; }

 private:
  static constexpr std::size_t max = std::numeric_limits<std::int64_t>::max();
  std::int64_t left_;
  bool exceeded_ = false;
};

boost::json::value message_of(const std::vector<validation_error>& all, const validation_options& options) {
  if (options.disable_error_messages) return nullptr;
  constexpr const char* omitted = "Further validation errors were omitted";
  message_budget budget{options.max_error_messages_length};
  const auto errors = budget.limit(all);
  if (options.error_format == validation_error_format::grouped) {
    boost::json::object groups;
    for (const auto& error : errors) group(error, {}, groups);
    if (budget.exceeded()) groups["..."] = boost::json::array{omitted};
    // An object in the message's place would be answered as the whole body.
    const int status = options.error_http_status_code;
    return boost::json::object{
        {"message", std::move(groups)}, {"error", http_status_title(status)}, {"statusCode", status}};
  }
  boost::json::array list;
  for (auto& message : flatten_messages(errors)) list.emplace_back(std::move(message));
  if (budget.exceeded()) list.emplace_back(omitted);
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
    : bad_request_exception{titled{}, message_of(errors, options), options.error_http_status_code},
      errors_{std::make_shared<const std::vector<validation_error>>(std::move(errors))} {}

validation_exception::validation_exception(std::string message, const validation_options& options)
    : bad_request_exception{titled{},
                            options.disable_error_messages ? boost::json::value{}
                                                           : boost::json::value(std::move(message)),
                            options.error_http_status_code},
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

read_result::read_result(std::vector<validation_error> errors, const validation_options& options)
    : failure_{std::make_unique<failure>()} {
  if (options.exception_factory) failure_->instead = options.exception_factory(errors);
  failure_->rules.emplace(std::move(errors), options);
}

void read_result::throw_if_failed() const {
  if (failure_ == nullptr) return;
  if (failure_->instead) std::rethrow_exception(failure_->instead);
  if (failure_->syntax) throw json_syntax_error{*failure_->syntax};
  throw validation_exception{*failure_->rules};
}

}  // namespace nestcpp
