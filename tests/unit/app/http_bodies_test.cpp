// Forms, uploads, cookies, files, compression and versions outside of the path, as handlers see them. What they look
// like on the wire is compared with NestJS's in tests/interop.
#include "core/log_capture.hpp"
#include "support.hpp"

#include <boost/json/parse.hpp>

#include <filesystem>
#include <fstream>

namespace app_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct CaptionDto {
  std::string caption;
};
NEST_DTO(CaptionDto, NEST_FIELD(caption, is_string(), max_length(5)));

class BodiesController {
  NEST_CONTROLLER(BodiesController, "/bodies");

 public:
  explicit BodiesController(nest::runtime& loops) : loops_{loops} {}

  NEST_POST(form, "/form");
  CaptionDto form(CaptionDto dto) { return dto; }

  NEST_POST(upload, "/upload");
  std::string upload(nest::uploaded_file<"file"> file, CaptionDto dto) {
    return file->original_name + ' ' + std::to_string(file->size()) + ' ' + dto.caption;
  }
  NEST_POST(upload_little, "/upload-little", body_limit(1000));
  std::string upload_little(nest::uploaded_file<"file"> file) { return std::to_string(file->size()); }

  NEST_POST(upload_any, "/upload-any", use_guards<Nobody>());
  std::string upload_any(nest::uploaded_form) { return "never"; }

  NEST_GET(cookie, "/cookie");
  std::string cookie(nest::cookie<"count", int> count, nest::cookie<"name", std::optional<std::string>> name) {
    return std::to_string(*count + 1) + ' ' + name.value.value_or("nobody");
  }
  NEST_GET(clear, "/clear");
  void clear(nest::http_context& context) {
    context.response().set_cookie("kept", "1",
                                  {.max_age = std::chrono::seconds{60}, .same_site = nest::same_site::lax});
    context.response().clear_cookie("gone", {.path = "/x"});
  }
  NEST_GET(bad_cookie, "/bad-cookie");
  void bad_cookie(nest::http_context& context) { context.response().set_cookie("a", "", {.path = "/;HttpOnly"}); }

  NEST_GET(file, "/file");
  nest::task<nest::streamable_file> file(nest::query<"path", std::string> path) {
    return nest::streamable_file::open(loops_, path, {.type = "text/csv"});
  }

  NEST_SSE(events, "/events");
  nest::stream<CaptionDto> events() { co_yield CaptionDto{"one"}; }

 private:
  struct Nobody : nest::plain_guard {
    bool can_activate_now(nest::execution_context&) override { return false; }
  };
  nest::runtime& loops_;
};

class EverywhereController {
  NEST_CONTROLLER(EverywhereController, "/cats", api_version("1"));

 public:
  NEST_GET(one, "/");
  std::string one() { return "one"; }
  NEST_GET(two, "/", api_version("2"));
  std::string two() { return "two"; }
  NEST_GET(any, "/any", api_version());
  std::string any() { return "any"; }
};

struct BodiesModule : nest::module {
  BodiesModule() { controllers<BodiesController>(); }
};
struct VersionsModule : nest::module {
  VersionsModule() { controllers<BodiesController, EverywhereController>(); }
};

// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nestcpp-files-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string add(const std::string& name, const std::string& content) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << content;
    return file.string();
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

const std::string multipart = "Content-Type: multipart/form-data; boundary=b\r\n";
std::string part(const std::string& disposition, const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}
std::string upload(std::size_t size, const std::string& caption = "abc") {
  return part("name=\"file\"; filename=\"a.txt\"", std::string(size, 'x')) + part("name=\"caption\"", caption) +
         "--b--\r\n";
}
std::string shown(const Answer& answer) { return std::to_string(answer.status) + " " + answer.body; }

TEST(HttpBodies, FormsAreDtos) {
  Service service{BodiesModule{}};
  const std::string form = "Content-Type: application/x-www-form-urlencoded\r\n";
  EXPECT_EQ(shown(service.http("POST", "/bodies/form", "caption=a+b", form)), "201 {\"caption\":\"a b\"}");
  const Answer refused = service.http("POST", "/bodies/form", "caption=too+long", form);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("caption must be shorter than or equal to 5 characters"));
}

TEST(HttpBodies, UploadsComeWithFieldsAndLimits) {
  Service service{BodiesModule{}, [](nest::application& app) { app.set_body_limit(100); }};
  EXPECT_EQ(shown(service.http("POST", "/bodies/upload", upload(300'000), multipart)), "201 a.txt 300000 abc");
  EXPECT_EQ(service.http("POST", "/bodies/upload", upload(11 << 20), multipart).status, 413);
  EXPECT_EQ(service.http("POST", "/bodies/upload-little", upload(500), multipart).status, 201);
  EXPECT_EQ(service.http("POST", "/bodies/upload-little", upload(1000), multipart).status, 413);
  EXPECT_EQ(service.http("POST", "/bodies/form", upload(500), multipart).status, 413);
  EXPECT_THAT(service.http("POST", "/bodies/upload", upload(1, "too long"), multipart).body,
              HasSubstr("caption must be"));
  EXPECT_THAT(service.http("POST", "/bodies/upload", "{}").body, HasSubstr("File is required"));
}

TEST(HttpBodies, UploadsAreReadAfterTheGuards) {
  Service service{BodiesModule{}};
  EXPECT_EQ(service.http("POST", "/bodies/upload-any", "no form at all", multipart).status, 403);
}

TEST(HttpBodies, CookiesAreParameters) {
  Service service{BodiesModule{}};
  EXPECT_EQ(shown(service.http("GET", "/bodies/cookie", {}, "Cookie: a=b; count=41; name=J%20D\r\n")), "200 42 J D");
  EXPECT_EQ(shown(service.http("GET", "/bodies/cookie", {}, "Cookie: count=1\r\n")), "200 2 nobody");
  for (const char* cookies : {"", "Cookie: count=x\r\n", "Cookie: Count=1\r\n"}) {
    const Answer refused = service.http("GET", "/bodies/cookie", {}, cookies);
    EXPECT_EQ(refused.status, 400) << cookies;
    EXPECT_THAT(refused.body, HasSubstr("numeric string is expected")) << cookies;
  }
  const std::string head = service.http("GET", "/bodies/clear").head;
  EXPECT_THAT(head, testing::ContainsRegex("Set-Cookie: kept=1; Max-Age=60; Path=/; Expires=.* GMT; SameSite=Lax\r\n"));
  EXPECT_THAT(head, testing::ContainsRegex("Set-Cookie: gone=; Max-Age=0; Path=/x; Expires=.* GMT\r\n"));
  EXPECT_EQ(service.http("GET", "/bodies/bad-cookie").status, 500);
}

TEST(HttpBodies, FilesAreStreamed) {
  const Folder folder;
  const std::string large(3'000'000, 'y');
  const std::string path = folder.add("large.csv", large);
  for (const auto adapter : {nest::http_adapter::httplib, nest::http_adapter::beast}) {
    nest::application app{BodiesModule{}, {.io_threads = 1}};
    app.listen_http({.port = 0}, adapter);
    app.start();
    const std::uint16_t port = http_port(app);
    const Answer got = http_request(port, "GET", "/bodies/file?path=" + path);
    EXPECT_EQ(got.status, 200);
    EXPECT_THAT(got.head, AllOf(HasSubstr("Content-Length: 3000000"), HasSubstr("Content-Type: text/csv")));
    EXPECT_TRUE(got.body == large);
    EXPECT_EQ(http_request(port, "HEAD", "/bodies/file?path=" + path).body, "");
    EXPECT_EQ(http_request(port, "GET", "/bodies/file?path=" + path + ".none").status, 404);
    EXPECT_EQ(http_request(port, "GET", "/bodies/file?path=" + folder.path()).status, 500);
  }
}

TEST(HttpBodies, FoldersAreServedAndCompressed) {
  const Folder folder;
  folder.add("index.html", "<p>index</p>");
  folder.add("a/b.txt", std::string(5000, 'z'));
  Service service{BodiesModule{}, [&](nest::application& app) {
                    app.enable_compression().set_global_prefix("api");
                    app.serve_static("/", folder.path(), {.max_age = std::chrono::seconds{60}, .immutable = true});
                  }};
  EXPECT_EQ(shown(service.http("GET", "/")), "200 <p>index</p>");
  EXPECT_EQ(service.http("GET", "/api/bodies/cookie").status, 400);
  EXPECT_EQ(service.http("GET", "/a/c.txt").status, 404);
  const Answer plain = service.http("GET", "/a/b.txt");
  EXPECT_EQ(plain.body.size(), 5000);
  EXPECT_THAT(plain.head, AllOf(HasSubstr("Cache-Control: public, max-age=60, immutable\r\n"),
                                HasSubstr("Vary: Accept-Encoding\r\n"), Not(HasSubstr("Content-Encoding"))));
  const Answer small = service.http("GET", "/a/b.txt", {}, "Accept-Encoding: gzip\r\n");
  EXPECT_LT(small.body.size(), 200);
  EXPECT_THAT(small.head, HasSubstr("Content-Encoding: gzip\r\n"));
}

TEST(HttpBodies, FilesAreFreshWithoutOtherTagsToo) {
  const Folder folder;
  folder.add("a.txt", "a");
  Service service{BodiesModule{},
                  [&](nest::application& app) { app.set_etag(false).serve_static("/x", folder.path()); }};
  EXPECT_EQ(service.http("GET", "/x/a.txt", {}, "If-Modified-Since: Mon, 01 Jan 2091 00:00:00 GMT\r\n").status, 304);
  EXPECT_EQ(service.http("GET", "/x/a.txt", {}, "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT\r\n").status, 200);
  const Answer events = service.http("GET", "/bodies/events", {}, "If-None-Match: *\r\n");
  EXPECT_EQ(events.status, 200);
  EXPECT_THAT(events.body, HasSubstr("data: {\"caption\":\"one\"}"));
}

TEST(HttpBodies, AFolderThatIsNoneIsToldAtTheStart) {
  nest::application app{BodiesModule{}};
  app.serve_http().serve_static("/x", "/no/such/folder");
  try {
    app.start();
    ADD_FAILURE() << "it started";
  } catch (const nest::startup_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("serve_static(\"/x\", \"/no/such/folder\"): there is no such folder"));
  }
}

TEST(HttpBodies, VersionsOutsideOfThePath) {
  Service by_media_type{VersionsModule{}, [](nest::application& app) {
                          app.enable_versioning({.type = nest::versioning_type::media_type, .key = "v="});
                        }};
  const auto ask = [](Service& service, const std::string& headers) {
    return shown(service.http("GET", "/cats", {}, headers));
  };
  EXPECT_EQ(ask(by_media_type, "Accept: application/json;v=2\r\n"), "200 two");
  EXPECT_EQ(ask(by_media_type, "Accept: application/json; v=1 ;q=1\r\n"), "200 one");
  EXPECT_THAT(ask(by_media_type, "Accept: application/json;v=3\r\n"), HasSubstr("404 "));
  EXPECT_THAT(ask(by_media_type, ""), HasSubstr("404 "));
  EXPECT_EQ(by_media_type.http("GET", "/cats/any").body, "any");

  Service custom{VersionsModule{}, [](nest::application& app) {
                   app.enable_versioning(
                       {.type = nest::versioning_type::custom, .extractor = [](const nest::http_request& request) {
                          const auto asked = request.query("v");
                          if (asked == "throw") throw std::runtime_error{"no"};
                          if (asked == "best") return std::vector<std::string>{"9", "2", "1"};
                          return std::vector<std::string>{std::string{asked.value_or("")}};
                        }});
                 }};
  EXPECT_EQ(custom.http("GET", "/cats?v=1").body, "one");
  EXPECT_EQ(custom.http("GET", "/cats?v=best").body, "two");
  EXPECT_EQ(custom.http("GET", "/cats?v=7").status, 404);
  Service defaults{VersionsModule{}, [](nest::application& app) {
                     app.enable_versioning({.type = nest::versioning_type::header, .default_version = "7"});
                   }};
  EXPECT_EQ(defaults.http("GET", "/bodies/cookie").status, 404);
  EXPECT_EQ(defaults.http("GET", "/bodies/cookie", {}, "X-API-Version: 7\r\nCookie: count=1\r\n").status, 200);

  nest::application app{VersionsModule{}};
  EXPECT_THROW(app.enable_versioning({.type = nest::versioning_type::custom}), std::invalid_argument);
  EXPECT_THROW(app.enable_versioning({.type = nest::versioning_type::header, .header = "no name"}),
               std::invalid_argument);
}

TEST(HttpBodies, AnExtractorOfVersionsThatThrowsIsAnsweredOnEitherAdapter) {
  for (const auto adapter : {nest::http_adapter::httplib, nest::http_adapter::beast}) {
    nest::application app{VersionsModule{}, {.io_threads = 1}};
    app.enable_versioning(
        {.type = nest::versioning_type::custom,
         .extractor = [](const nest::http_request&) -> std::vector<std::string> { throw std::runtime_error{"no"}; }});
    app.listen_http({.host = "127.0.0.1", .port = 0}, adapter);
    app.start();
    const Answer answer = http_request(http_port(app), "GET", "/cats", {}, "X-Request-Id: r1\r\n");
    EXPECT_EQ(shown(answer), R"(500 {"statusCode":500,"message":"Internal server error"})");
    EXPECT_THAT(answer.head, HasSubstr("X-Request-Id: r1"));
    app.stop();
  }
}

TEST(HttpBodies, DocumentsSayWhatTravels) {
  Service service{BodiesModule{},
                  [](nest::application& app) { app.setup_swagger("api", nest::document_builder{}.set_title("x")); }};
  const auto document = boost::json::parse(service.http("GET", "/api-json").body);
  const auto at = [&](const char* pointer) { return boost::json::serialize(document.at_pointer(pointer)); };
  EXPECT_EQ(at("/paths/~1bodies~1upload/post/requestBody/content/multipart~1form-data/schema"),
            R"({"allOf":[{"$ref":"#/components/schemas/CaptionDto"},{"type":"object","properties":{"file":)"
            R"({"type":"string","format":"binary"}},"required":["file"]}]})");
  EXPECT_THAT(at("/paths/~1bodies~1cookie/get/parameters"),
              AllOf(HasSubstr(R"("name":"count","in":"cookie","required":true)"),
                    HasSubstr(R"("name":"name","in":"cookie","required":false)")));
  EXPECT_THAT(at("/paths/~1bodies~1events/get/responses/200/content"), HasSubstr("text/event-stream"));
  EXPECT_THAT(at("/paths/~1bodies~1file/get/responses/200/content"), HasSubstr("application/octet-stream"));
}

TEST(HttpBodies, TheAccessLogHasFields) {
  Service service{BodiesModule{}};
  const nest::detail::log_capture log;
  static_cast<void>(service.http("GET", "/bodies/clear?secret=1", {}, "X-Request-Id: r1\r\n"));
  boost::json::object line;
  for (const auto& each : log.lines()) {
    const auto parsed = boost::json::parse(each.text).as_object();
    if (parsed.at("context") == "HTTP") line = parsed;
  }
  ASSERT_FALSE(line.empty());
  EXPECT_EQ(line.at("requestId"), "r1");
  EXPECT_EQ(line.at("method"), "GET");
  EXPECT_EQ(line.at("path"), "/bodies/clear");
  EXPECT_EQ(line.at("route"), "/bodies/clear");
  EXPECT_EQ(line.at("status"), 200);
  EXPECT_GE(line.at("durationMs").to_number<double>(), 0);
}

}  // namespace
}  // namespace app_test
