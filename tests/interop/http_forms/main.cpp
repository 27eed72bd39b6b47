// http_forms <port> <httplib|beast> <folder>: the twin of nest12/http_forms.mjs.
#include <nestcpp/nestcpp.hpp>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

namespace nest = nestcpp;

namespace {

nest::json_text text(std::string value) { return nest::json_text::of(value); }

struct Tick {
  int number = 0;
};
NEST_DTO(Tick, NEST_FIELD(number));

class EventsController {
  NEST_CONTROLLER(EventsController, "/events");

 public:
  NEST_SSE(texts, "/texts");
  nest::stream<nest::message_event> texts() {
    co_yield nest::message_event{.data = text("one")};
    co_yield nest::message_event{.data = text("two\nlines\r\nand three\rfour")};
    co_yield nest::message_event{.data = text("")};
  }
  NEST_SSE(objects, "/objects");
  nest::stream<nest::message_event> objects() {
    for (int i = 0; i < 3; ++i) co_yield nest::message_event{.data = nest::json_text::of(Tick{i})};
  }
  NEST_SSE(fields, "/fields", response_header("X-Own", "1"));
  nest::stream<nest::message_event> fields() {
    co_yield nest::message_event{.data = text("a"), .type = "tick", .id = "own", .retry = 1500};
    co_yield nest::message_event{.comment = "only\na comment"};
    co_yield nest::message_event{.data = text("b"), .type = "two\nlines"};
    co_yield nest::message_event{.data = text("c")};
  }
  NEST_SSE(empty, "/empty");
  nest::stream<nest::message_event> empty() { co_return; }
  NEST_SSE(late, "/late");
  nest::stream<nest::message_event> late() {
    co_await nest::sleep_for(std::chrono::milliseconds{50});
    co_yield nest::message_event{.data = text("at last")};
  }
  NEST_SSE(refuses, "/refuses");
  nest::task<nest::stream<nest::message_event>> refuses() {
    throw nest::forbidden_exception{"not you"};
    co_return nest::stream<nest::message_event>{};
  }
  NEST_SSE(fails_first, "/fails-first");
  nest::stream<nest::message_event> fails_first() {
    throw nest::conflict_exception{"before the first"};
    co_yield nest::message_event{};
  }
  NEST_SSE(fails_later, "/fails-later");
  nest::stream<nest::message_event> fails_later() {
    co_yield nest::message_event{.data = text("one")};
    co_await nest::sleep_for(std::chrono::milliseconds{20});
    throw nest::conflict_exception{"after the first"};
  }
  NEST_SSE(breaks, "/breaks");
  nest::stream<nest::message_event> breaks() {
    co_yield nest::message_event{.data = text("one")};
    co_await nest::sleep_for(std::chrono::milliseconds{20});
    throw std::runtime_error{"a secret"};
  }
  NEST_SSE(by_id, "/of/:id");
  nest::stream<nest::message_event> by_id(nest::path<"id", int> id) {
    co_yield nest::message_event{.data = nest::json_text::of(id.value)};
  }
};

class FormsController {
  NEST_CONTROLLER(FormsController, "/forms");

 public:
  NEST_POST(echo, "/echo");
  nest::json_text echo(nest::json_text body) { return body; }

  NEST_POST(one, "/one");
  nest::json_text one(nest::uploaded_file<"avatar"> file, nest::json_text body) { return shown({file.value}, body); }
  NEST_POST(maybe, "/maybe");
  nest::json_text maybe(nest::uploaded_file<"avatar", std::optional<nest::form_file>> file, nest::json_text body) {
    if (!file.value) return shown({}, body);
    return shown({*file.value}, body);
  }
  NEST_POST(several, "/several");
  nest::json_text several(nest::uploaded_files<"photos", 2> files, nest::json_text body) {
    return shown(files.value, body);
  }
  NEST_POST(any, "/any");
  nest::json_text any(nest::uploaded_form form, nest::json_text body) { return shown(form.value.files, body); }
  NEST_POST(small, "/small");
  nest::json_text small(nest::piped<nest::uploaded_file<"avatar">, nest::max_file_size<10>> file,
                        nest::json_text body) {
    return shown({file.value}, body);
  }

 private:
  static nest::json_text shown(const std::vector<nest::form_file>& files, const nest::json_text& body) {
    boost::json::array all;
    for (const nest::form_file& each : files) {
      all.push_back(boost::json::object{{"field", each.field_name},
                                        {"name", each.original_name},
                                        {"type", each.mime_type},
                                        {"size", each.size()},
                                        {"content", std::string{each.content.substr(0, 100)}}});
    }
    return nest::json_text::from_value(boost::json::object{{"files", std::move(all)}, {"body", body.value()}});
  }
};

class AnswersController {
  NEST_CONTROLLER(AnswersController, "/answers");

 public:
  NEST_GET(cookies, "/cookies");
  nest::json_text cookies(nest::http_context& context, nest::query<"name", std::string> name) {
    context.response().set_cookie("plain", "a b;ü");
    context.response().set_cookie("all", "1",
                                  {.path = "/answers",
                                   .domain = "example.com",
                                   .http_only = true,
                                   .secure = true,
                                   .same_site = nest::same_site::strict});
    const auto found = context.request().cookie(name.value);
    return nest::json_text::from_value(
        boost::json::object{{"value", found ? boost::json::value(*found) : boost::json::value(nullptr)}});
  }
  NEST_GET(file, "/file");
  nest::streamable_file file() {
    return nest::streamable_file{std::string(3000, 'x'),
                                 {.type = "text/csv", .disposition = "attachment; filename=\"x.csv\""}};
  }
  NEST_GET(bytes, "/bytes");
  nest::streamable_file bytes() { return nest::streamable_file{std::string{"\x00\x01\x02", 3}}; }
  NEST_GET(large, "/large");
  nest::json_text large(nest::query<"size", int> size) {
    return nest::json_text::of(std::string(static_cast<std::size_t>(size.value), 'a'));
  }
  NEST_GET(large_text, "/large-text");
  std::string large_text() { return std::string(5000, 'b'); }
  NEST_GET(large_kept, "/large-kept", response_header("Cache-Control", "no-transform"));
  std::string large_kept() { return std::string(5000, 'c'); }
};

class FirstController {
  NEST_CONTROLLER(FirstController, "/versions", api_version("1"));

 public:
  NEST_GET(get, "/");
  std::string get() { return "first"; }
  NEST_GET(neutral, "/neutral", api_version());
  std::string neutral() { return "neutral"; }
};
class SecondController {
  NEST_CONTROLLER(SecondController, "/versions", api_version("2", "3"));

 public:
  NEST_GET(get, "/");
  std::string get() { return "second"; }
};

class ErrorsController {
  NEST_CONTROLLER(ErrorsController, "/errors");

 public:
  NEST_GET(built_in, "/built-in/:status/:form");
  void built_in(nest::path<"status", int> status, nest::path<"form", std::string> form) {
    switch (status.value) {
      case 400: return fail<nest::bad_request_exception>(form.value);
      case 401: return fail<nest::unauthorized_exception>(form.value);
      case 403: return fail<nest::forbidden_exception>(form.value);
      case 404: return fail<nest::not_found_exception>(form.value);
      case 405: return fail<nest::method_not_allowed_exception>(form.value);
      case 406: return fail<nest::not_acceptable_exception>(form.value);
      case 408: return fail<nest::request_timeout_exception>(form.value);
      case 409: return fail<nest::conflict_exception>(form.value);
      case 410: return fail<nest::gone_exception>(form.value);
      case 412: return fail<nest::precondition_failed_exception>(form.value);
      case 413: return fail<nest::payload_too_large_exception>(form.value);
      case 415: return fail<nest::unsupported_media_type_exception>(form.value);
      case 418: return fail<nest::im_a_teapot_exception>(form.value);
      case 421: return fail<nest::misdirected_exception>(form.value);
      case 422: return fail<nest::unprocessable_entity_exception>(form.value);
      case 500: return fail<nest::internal_server_error_exception>(form.value);
      case 501: return fail<nest::not_implemented_exception>(form.value);
      case 502: return fail<nest::bad_gateway_exception>(form.value);
      case 503: return fail<nest::service_unavailable_exception>(form.value);
      case 504: return fail<nest::gateway_timeout_exception>(form.value);
      case 505: return fail<nest::http_version_not_supported_exception>(form.value);
      default: throw std::runtime_error{"no such exception"};
    }
  }
  NEST_GET(own, "/own/:form");
  void own(nest::path<"form", std::string> form) {
    if (form.value == "text") throw nest::http_exception{"a text", 418};
    if (form.value == "object") throw nest::http_exception{boost::json::object{{"a", 1}, {"b", nullptr}}, 409};
    if (form.value == "array") throw nest::http_exception{boost::json::array{1, "two"}, 422};
    if (form.value == "status") throw nest::http_exception{"unknown", 599};
    if (form.value == "error") throw std::runtime_error{"a secret"};
    throw 7;
  }

 private:
  template <class Exception>
  static void fail(const std::string& form) {
    if (form == "none") throw Exception{};
    if (form == "text") throw Exception{"a text"};
    if (form == "array") throw Exception{boost::json::value(boost::json::array{"a", "b"})};
    if (form == "description") throw Exception{boost::json::value("a text"), "A description"};
    throw Exception{boost::json::value(boost::json::object{{"reason", "x"}, {"code", 7}})};
  }
};

class LimitedController {
  NEST_CONTROLLER(LimitedController, "/limited", use_guards<nest::throttler_guard>());

 public:
  NEST_GET(get, "/", nest::throttle({.limit = 3}));
  std::string get() { return "in time"; }
};

struct FormsModule : nest::module {
  FormsModule() {
    controllers<EventsController, FormsController, AnswersController, FirstController, SecondController,
                ErrorsController, LimitedController>();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  nest::configure_logging({.level = nest::log_level::off});
  nest::application app{FormsModule{}};
  app.enable_cors({.origins = {"https://a.example", "https://b.example"},
                   .exposed_headers = {"X-Total"},
                   .credentials = true,
                   .max_age = std::chrono::seconds{600}});
  app.enable_compression();
  app.enable_versioning({.type = nest::versioning_type::header, .header = "X-API-Version"});
  app.serve_static("/public", argv[3]);
  app.listen_http({.port = static_cast<std::uint16_t>(std::atoi(argv[1]))},
                  std::string{argv[2]} == "beast" ? nest::http_adapter::beast : nest::http_adapter::httplib);
  return app.run();
}
