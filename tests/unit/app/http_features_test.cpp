// What routes and applications say about HTTP: methods, paths, versions, prefixes, CORS, tags, redirects, whole
// answers.
#include "support.hpp"

namespace app_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class PlacesController {
  NEST_CONTROLLER(PlacesController, "/places");

 public:
  NEST_GET(text, "/");
  std::string text() { return "hello"; }

  NEST_HEAD(head, "/only-head", response_header("X-Own", "yes"));
  void head() {}

  NEST_OPTIONS(options, "/");
  std::string options() { return "own options"; }

  NEST_ALL(any, "/any");
  std::string any(nest::http_context& context) { return context.request().method_text(); }
  NEST_PUT(put, "/any");
  std::string put() { return "put first"; }

  NEST_GET(file, "/files/*path");
  std::string file(nest::path<"path", std::string> path) { return "file " + path.value; }

  NEST_GET(maybe, "/maybe{/:id}");
  std::string maybe(nest::http_context& context) {
    return "maybe " + std::string{context.path_parameter("id").value_or("nobody")};
  }

  NEST_GET(moved, "/moved", redirect("/places", 301));
  void moved() {}
  NEST_GET(elsewhere, "/elsewhere", redirect("/places"));
  nest::redirect_to elsewhere(nest::query<"to", std::optional<std::string>> to) {
    if (!to.value) return {"/default", 307};
    return {"/" + *to.value};
  }

  NEST_POST(whole, "/whole");
  nest::http_response whole() {
    nest::http_response answer;
    answer.status = 202;
    answer.headers.set("X-Own", "1");
    answer.headers.set("Content-Type", "text/csv");
    answer.body = "a,b\n";
    return answer;
  }
  NEST_GET(later, "/later");
  nest::task<nest::http_response> later() {
    nest::http_response answer;
    answer.set_json(std::string{"[1]"});
    co_return answer;
  }

  NEST_POST(large, "/large", body_limit(300'000));
  std::string large(nest::http_context& context) { return std::to_string(context.request().body.size()); }
};

class VersionedController {
  NEST_CONTROLLER(VersionedController, "/cats", api_version("1", "2"));

 public:
  NEST_GET(all, "/");
  std::string all() { return "1 and 2"; }
  NEST_GET(three, "/", api_version("3"));
  std::string three() { return "3"; }
  NEST_GET(neutral, "/neutral", api_version());
  std::string neutral() { return "any"; }
};

struct HttpModule : nest::module {
  HttpModule() { controllers<PlacesController>(); }
};
struct VersionedModule : nest::module {
  VersionedModule() { controllers<PlacesController, VersionedController>(); }
};

std::string shown(const Answer& answer) { return std::to_string(answer.status) + " " + answer.body; }

TEST(HttpFeatures, EveryMethodHasItsDecorator) {
  Service service{HttpModule{}};
  EXPECT_EQ(shown(service.http("OPTIONS", "/places")), "200 own options");
  const Answer head = service.http("HEAD", "/places/only-head");
  EXPECT_EQ(shown(head), "200 ");
  EXPECT_THAT(head.head, HasSubstr("X-Own: yes"));
  EXPECT_EQ(service.http("GET", "/places/only-head").status, 404);
  for (const char* method : {"GET", "POST", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_THAT(service.http(method, "/places/any").body, method);
  }
  EXPECT_EQ(service.http("PUT", "/places/any").body, "put first");
}

TEST(HttpFeatures, PathsHaveWildcardsAndPartsThatMayBeMissing) {
  Service service{HttpModule{}};
  EXPECT_EQ(shown(service.http("GET", "/places/files/a/b%20c/d.txt")), "200 file a/b c/d.txt");
  EXPECT_EQ(service.http("GET", "/places/files").status, 404);
  EXPECT_EQ(service.http("GET", "/places/files/%ZZ").status, 400);
  EXPECT_EQ(shown(service.http("GET", "/places/maybe")), "200 maybe nobody");
  EXPECT_EQ(shown(service.http("GET", "/places/maybe/7")), "200 maybe 7");
  EXPECT_EQ(service.http("GET", "/places/maybe/7/8").status, 404);
}

TEST(HttpFeatures, Redirects) {
  Service service{HttpModule{}};
  const Answer moved = service.http("GET", "/places/moved");
  EXPECT_EQ(moved.status, 301);
  EXPECT_THAT(moved.head, HasSubstr("Location: /places\r\n"));
  const Answer chosen = service.http("GET", "/places/elsewhere?to=cats");
  EXPECT_EQ(chosen.status, 302);
  EXPECT_THAT(chosen.head, HasSubstr("Location: /cats\r\n"));
  EXPECT_THAT(chosen.head, Not(HasSubstr("Location: /places")));
  const Answer other = service.http("GET", "/places/elsewhere");
  EXPECT_EQ(other.status, 307);
  EXPECT_THAT(other.head, HasSubstr("Location: /default\r\n"));
}

TEST(HttpFeatures, HandlersMayAnswerByThemselves) {
  Service service{HttpModule{}};
  const Answer whole = service.http("POST", "/places/whole");
  EXPECT_EQ(shown(whole), "202 a,b\n");
  EXPECT_THAT(whole.head, testing::AllOf(HasSubstr("X-Own: 1"), HasSubstr("Content-Type: text/csv\r\n")));
  EXPECT_EQ(shown(service.http("GET", "/places/later")), "200 [1]");
}

TEST(HttpFeatures, RoutesHaveALimitOfTheirOwnForBodies) {
  Service service{HttpModule{}, [](nest::application& app) { app.set_body_limit(1000); }};
  const std::string large = "[\"" + std::string(200'000, 'x') + "\"]";
  EXPECT_EQ(shown(service.http("POST", "/places/large", large)), "201 200004");
  EXPECT_EQ(service.http("POST", "/places/large", "[\"" + std::string(400'000, 'x') + "\"]").status, 413);
  EXPECT_EQ(service.http("POST", "/places/whole", large).status, 413);
}

TEST(HttpFeatures, AnswersHaveExpressTags) {
  Service service{HttpModule{}};
  const Answer first = service.http("GET", "/places");
  EXPECT_THAT(first.head, HasSubstr("ETag: W/\"5-qvTGHdzF6KLavt4PO0gs2a6pQ00\"\r\n"));
  const std::string same = "If-None-Match: \"x\", W/\"5-qvTGHdzF6KLavt4PO0gs2a6pQ00\"\r\n";
  const Answer again = service.http("GET", "/places", {}, same);
  EXPECT_EQ(shown(again), "304 ");
  EXPECT_THAT(again.head, HasSubstr("ETag: W/\"5-"));
  EXPECT_THAT(again.head, Not(HasSubstr("Content-Type")));
  EXPECT_EQ(service.http("HEAD", "/places", {}, same).status, 304);
  EXPECT_EQ(service.http("GET", "/places", {}, "If-None-Match: *\r\n").status, 304);
  EXPECT_EQ(service.http("GET", "/places", {}, same + "Cache-Control: no-cache\r\n").status, 200);
  EXPECT_EQ(service.http("GET", "/places", {}, "If-None-Match: \"other\"\r\n").status, 200);
  EXPECT_EQ(service.http("POST", "/places/whole", {}, "If-None-Match: *\r\n").status, 202);

  Service without{HttpModule{}, [](nest::application& app) { app.set_etag(false); }};
  EXPECT_THAT(without.http("GET", "/places").head, Not(HasSubstr("ETag")));
}

TEST(HttpFeatures, VersionsStandInThePath) {
  Service service{VersionedModule{},
                  [](nest::application& app) { app.enable_versioning().set_global_prefix("/api/"); }};
  EXPECT_EQ(service.http("GET", "/api/v1/cats").body, "1 and 2");
  EXPECT_EQ(service.http("GET", "/api/v2/cats").body, "1 and 2");
  EXPECT_EQ(service.http("GET", "/api/v3/cats").body, "3");
  EXPECT_EQ(service.http("GET", "/api/cats/neutral").body, "any");
  for (const char* path : {"/api/v4/cats", "/api/cats", "/v1/cats", "/api/v1/cats/neutral"}) {
    EXPECT_EQ(service.http("GET", path).status, 404) << path;
  }
  EXPECT_EQ(service.http("GET", "/api/places").body, "hello");  // names no version
  EXPECT_EQ(service.http("GET", "/health").status, 200);

  Service defaults{VersionedModule{}, [](nest::application& app) {
                     app.enable_versioning({.prefix = "version-", .default_version = "9"});
                     app.set_global_prefix("api", {"/places/files"});
                   }};
  EXPECT_EQ(defaults.http("GET", "/api/version-9/places").body, "hello");
  EXPECT_EQ(defaults.http("GET", "/version-9/places/files/x").body, "file x");
}

TEST(HttpFeatures, OtherOriginsMayCallWhereTheyAreLetIn) {
  const std::string origin = "Origin: https://a.example\r\n";
  Service open{HttpModule{}, [](nest::application& app) { app.enable_cors(); }};
  EXPECT_THAT(open.http("GET", "/places", {}, origin).head, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_THAT(open.http("GET", "/none", {}, origin).head, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  const Answer preflight = open.http("OPTIONS", "/anything", {}, origin + "Access-Control-Request-Headers: x-a\r\n");
  EXPECT_EQ(shown(preflight), "204 ");
  EXPECT_THAT(preflight.head, HasSubstr("Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"));
  EXPECT_THAT(preflight.head, HasSubstr("Access-Control-Allow-Headers: x-a\r\n"));
  EXPECT_THAT(preflight.head, HasSubstr("Vary: Access-Control-Request-Headers\r\n"));

  Service some{HttpModule{}, [](nest::application& app) {
                 app.enable_cors({.origins = {"https://a.example", "https://b.example"},
                                  .allowed_headers = {{"X-One", "X-Two"}},
                                  .exposed_headers = {"X-Request-Id"},
                                  .credentials = true,
                                  .max_age = std::chrono::seconds{60},
                                  .options_success_status = 200});
               }};
  const std::string let_in = some.http("GET", "/places", {}, origin).head;
  EXPECT_THAT(let_in, HasSubstr("Access-Control-Allow-Origin: https://a.example\r\n"));
  EXPECT_THAT(let_in, HasSubstr("Access-Control-Allow-Credentials: true\r\n"));
  EXPECT_THAT(let_in, HasSubstr("Access-Control-Expose-Headers: X-Request-Id\r\n"));
  EXPECT_THAT(let_in, HasSubstr("Vary: Origin\r\n"));
  const std::string stranger = some.http("GET", "/places", {}, "Origin: https://evil.example\r\n").head;
  EXPECT_THAT(stranger, Not(HasSubstr("Access-Control-Allow-Origin")));
  EXPECT_THAT(stranger, HasSubstr("Vary: Origin\r\n"));
  const Answer asked = some.http("OPTIONS", "/places", {}, origin);
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.head, HasSubstr("Access-Control-Allow-Headers: X-One,X-Two\r\n"));
  EXPECT_THAT(asked.head, HasSubstr("Access-Control-Max-Age: 60\r\n"));
}

TEST(HttpFeatures, MetricsAreServedByRouteAndPattern) {
  Service service{HttpModule{}, [](nest::application& app) { app.enable_metrics(); }};
  static_cast<void>(service.http("GET", "/places/maybe/7"));
  static_cast<void>(service.http("GET", "/places/maybe/8"));
  static_cast<void>(service.http("GET", "/unknown/9"));
  static_cast<void>(service.http("BREW", "/unknown/9"));
  const Answer metrics = service.http("GET", "/metrics");
  EXPECT_THAT(metrics.head, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(metrics.body,
              HasSubstr("http_server_requests_total{method=\"GET\",route=\"/places/maybe{/:id}\",status=\"200\"} 2\n"));
  EXPECT_THAT(metrics.body, HasSubstr("http_server_requests_total{method=\"\",route=\"\",status=\"404\"} 2\n"));
  EXPECT_THAT(metrics.body, HasSubstr("process_resident_memory_bytes "));
  EXPECT_THAT(metrics.body, HasSubstr("event_loop_lag_seconds{loop=\"0\"} "));
  EXPECT_THAT(metrics.body, Not(HasSubstr("unknown")));
}

TEST(HttpFeatures, PathsThatCannotBeAreToldAtTheStart) {
  nest::runtime loops;
  nest::http_dispatcher http{loops};
  const auto problem = [&](const char* path) -> std::string {
    try {
      http.add_route(nest::http_method::get, path,
                     std::make_shared<nest::handler_chain>(nest::handler_info{"C", "m", ""},
                                                           std::vector<const nest::enhancers*>{}));
    } catch (const nest::startup_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(problem("/a/*rest/b"), HasSubstr("'*rest' takes all that follows; it must be the last part"));
  EXPECT_THAT(problem("/a/*"), HasSubstr("'*' cannot be part of a path"));
  EXPECT_THAT(problem("/a{/:id"), HasSubstr("what may be left out stands between '{' and '}'"));
  EXPECT_THAT(problem("/a{/b{/c}}"), HasSubstr("without others inside"));
}

}  // namespace
}  // namespace app_test
