#include <nestcpp/core/exceptions.hpp>

#include <boost/json/serialize.hpp>

namespace nestcpp {

std::string_view http_status_title(int status) noexcept {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 418: return "I'm a teapot";
    case 421: return "Misdirected";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown Error";
  }
}

namespace {

std::string text_of(const boost::json::value& value) {
  return value.is_string() ? std::string{value.get_string()} : boost::json::serialize(value);
}

// The text for what(): an object's message, or the value itself.
std::string summary_of(const boost::json::value& value) {
  if (const auto* object = value.if_object()) {
    if (const auto* message = object->if_contains("message")) return text_of(*message);
  }
  return text_of(value);
}

// JavaScript's `!value`: NestJS takes such a message for none.
bool is_falsy(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return true;
    case boost::json::kind::bool_: return !value.get_bool();
    case boost::json::kind::int64: return value.get_int64() == 0;
    case boost::json::kind::uint64: return value.get_uint64() == 0;
    case boost::json::kind::double_: return value.get_double() == 0;
    case boost::json::kind::string: return value.get_string().empty();
    default: return false;
  }
}

}  // namespace

http_exception::http_exception(boost::json::value body, int status) : status_{status}, what_{summary_of(body)} {
  if (body.is_object() || body.is_array()) {
    body_ = std::move(body);
  } else {
    body_ = boost::json::object{{"statusCode", status}, {"message", std::move(body)}};
  }
}

http_exception::http_exception(titled, int status, boost::json::value message, std::string_view title)
    : status_{status}, what_{is_falsy(message) ? std::string{title} : summary_of(message)} {
  if (is_falsy(message)) {
    body_ = boost::json::object{{"message", title}, {"statusCode", status}};
  } else if (message.is_object() || message.is_bool()) {  // NestJS answers them as they are
    body_ = std::move(message);
  } else {
    body_ = boost::json::object{{"message", std::move(message)}, {"error", title}, {"statusCode", status}};
  }
}

// Braces would make an array of one of it, with some compilers.
rpc_exception::rpc_exception(boost::json::value error, origin from)
    : error_(std::move(error)), what_{summary_of(error_)}, from_{from} {}

rpc_exception::rpc_exception() : what_{"Rpc Exception"}, undefined_{true} {}

boost::json::value rpc_exception::wire_error() const {
  if (undefined_) return boost::json::object{{"status", "error"}};
  if (error_.is_object() || error_.is_array()) return error_;
  return boost::json::object{{"status", "error"}, {"message", error_}};
}

}  // namespace nestcpp
