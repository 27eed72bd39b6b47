// NestJS's order, recorded with tracers at all levels:
//
//   guard APP, g, c, m1, m2 > int-pre APP, g, c, m1, m2 > pipes APP, g, c, m1, m2, param > handler >
//   int-post m2, m1, c, g, APP
//
// and who of the filters answers, for errors of each stage, over HTTP and for messages.

#include "support.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace app_test {
namespace {

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text, is_string()));

template <std::size_t N>
struct name {
  char text[N];
  constexpr name(const char (&given)[N]) { std::copy_n(given, N, text); }  // NOLINT
  [[nodiscard]] std::string str() const { return text; }
};

// A family, for the filters.
struct Failure : std::runtime_error {
  using runtime_error::runtime_error;
};
struct SpecialFailure : Failure {
  using Failure::Failure;
};

// Where a call shall fail: the stage that its payload or path names.
std::string failing_stage(const nest::execution_context& context) {
  if (const auto stage = context.path_parameter("text")) return std::string{*stage};
  const std::string payload{context.payload_text()};
  const auto begin = payload.find(":\"") + 2;
  return payload.substr(begin, payload.rfind('"') - begin);
}
void fail_at(const std::string& stage, const std::string& wanted) {
  if (wanted == stage) throw Failure{stage};
}

template <name N>
class Guard : public nest::plain_guard {
 public:
  explicit Guard(Trace& trace) : trace_{trace} {}
  bool can_activate_now(nest::execution_context& context) override {
    trace_("guard " + N.str());
    fail_at("guard " + N.str(), failing_stage(context));
    return true;
  }

 private:
  Trace& trace_;
};

template <name N>
class Around : public nest::interceptor {
 public:
  explicit Around(Trace& trace) : trace_{trace} {}
  nest::task<nest::reply> intercept(nest::execution_context& context, nest::call_handler next) override {
    trace_("pre " + N.str());
    fail_at("pre " + N.str(), failing_stage(context));
    nest::reply result;
    try {
      result = co_await next.handle();
    } catch (...) {
      trace_("error " + N.str());
      throw;
    }
    trace_("post " + N.str());
    co_return result;
  }

 private:
  Trace& trace_;
};

template <name N, class T>
class PipeOf : public nest::pipe<T> {
 public:
  explicit PipeOf(Trace& trace) : trace_{trace} {}
  T transform(T value, const nest::argument_metadata&) override {
    trace_("pipe " + N.str());
    if constexpr (std::is_same_v<T, Text>) {
      fail_at("pipe " + N.str(), value.text);
    } else {
      fail_at("pipe " + N.str(), value);
    }
    return value;
  }

 private:
  Trace& trace_;
};

template <name N>
class Filter : public nest::exception_filter {
 public:
  nest::error_response catch_exception(const std::exception& error, nest::execution_context&) override {
    return {418, boost::json::object{{"by", N.str()}, {"what", error.what()}}};
  }
};
template <name N, class E>
class FilterFor : public nest::exception_filter_for<E> {
 public:
  nest::error_response catch_typed(const E& error, nest::execution_context&) override {
    return {418, boost::json::object{{"by", N.str()}, {"what", error.what()}}};
  }
};

// Of a parameter alone.
template <class T>
class ParamPipe {
 public:
  explicit ParamPipe(Trace& trace) : trace_{trace} {}
  T transform(T value, const nest::argument_metadata&) const {
    trace_("pipe param");
    return value;
  }

 private:
  Trace& trace_;
};

using traced_m = nest::message<"traced", Text, Text>;
using method_filter_m = nest::message<"filter.method", Text, Text>;
using two_filters_m = nest::message<"filter.two", Text, Text>;
using class_filter_m = nest::message<"filter.class", Text, Text>;

class Traced {
  NEST_CONTROLLER(Traced, "/traced", use_guards<Guard<"c">>(), use_interceptors<Around<"c">>(),
                  use_pipes<PipeOf<"c", Text>, PipeOf<"c", std::string>>(), use_filters<FilterFor<"c", Failure>>());

 public:
  explicit Traced(Trace& trace) : trace_{trace} {}

  NEST_MESSAGE_PATTERN(by_message, traced_m, use_guards<Guard<"m1">, Guard<"m2">>(),
                       use_interceptors<Around<"m1">, Around<"m2">>(),
                       use_pipes<PipeOf<"m1", Text>, PipeOf<"m2", Text>>());
  Text by_message(nest::piped<Text, ParamPipe<Text>> text) { return handle(*text); }

  NEST_GET(by_http, "/by/:text", use_guards<Guard<"m1">, Guard<"m2">>(), use_interceptors<Around<"m1">, Around<"m2">>(),
           use_pipes<PipeOf<"m1", std::string>, PipeOf<"m2", std::string>>());
  Text by_http(nest::piped<nest::path<"text", std::string>, ParamPipe<std::string>> text) { return handle({*text}); }

  NEST_MESSAGE_PATTERN(method_filter, method_filter_m, use_filters<Filter<"m">>());
  NEST_GET(method_filter, "/filter-method", use_filters<Filter<"m">>());
  Text method_filter() { throw Failure{"x"}; }

  NEST_MESSAGE_PATTERN(two_filters, two_filters_m, use_filters<Filter<"m1">, Filter<"m2">>());  // has no http_context
  NEST_GET(two_filters, "/filter-two", use_filters<FilterFor<"m1", Failure>, FilterFor<"m2", SpecialFailure>>());
  Text two_filters(nest::http_context& context) {
    if (context.header("x-special")) throw SpecialFailure{"x"};
    throw Failure{"x"};
  }

  NEST_MESSAGE_PATTERN(class_filter, class_filter_m, use_filters<FilterFor<"m", SpecialFailure>>());
  NEST_GET(class_filter, "/filter-class", use_filters<FilterFor<"m", SpecialFailure>>());
  Text class_filter() { throw Failure{"x"}; }

  NEST_GET(global_filter, "/filter-global", use_filters<FilterFor<"m", SpecialFailure>>());
  Text global_filter() { throw std::range_error{"x"}; }

 private:
  Text handle(Text text) {
    trace_("handler");
    fail_at("handler", text.text);
    return text;
  }

  Trace& trace_;
};

// What the application takes from any module.
struct GlobalsModule : nest::module {
  GlobalsModule() {
    provide<nest::app_guard<Guard<"APP">>>();
    provide<nest::app_interceptor<Around<"APP">>>();
    provide<nest::app_pipe<PipeOf<"APP", Text>>>();
    provide<nest::app_pipe<PipeOf<"APP", std::string>>>();
    provide<nest::app_filter<Filter<"APP">>>();
    provide_value(nest::validation_pipe{{.forbid_non_whitelisted = true}});
    provide<nest::app_pipe<nest::validation_pipe>>();
  }
};

struct TraceModule : nest::module {
  explicit TraceModule(Trace& trace) {
    provide_factory<Trace>([&trace]() -> Trace& { return trace; });
    exports<Trace>();
    global();
  }
};

struct TracedModule : nest::module {
  explicit TracedModule(Trace& trace) {
    imports(TraceModule{trace}, GlobalsModule{});
    controllers<Traced>();
  }
};

const std::vector<std::string> recorded{"guard APP", "guard g", "guard c", "guard m1",   "guard m2", "pre APP",
                                        "pre g",     "pre c",   "pre m1",  "pre m2",     "pipe APP", "pipe g",
                                        "pipe c",    "pipe m1", "pipe m2", "pipe param", "handler",  "post m2",
                                        "post m1",   "post c",  "post g",  "post APP"};

class Order : public testing::Test {
 protected:
  Trace trace_;
  Around<"g"> around_{trace_};  // by object
  PipeOf<"g", std::string> piping_{trace_};
  Service service_{TracedModule{trace_}, [this](nest::application& app) {
                     app.use_global_guards<Guard<"g">>();
                     app.use_global_interceptors(around_);
                     app.use_global_pipes(piping_, std::make_unique<PipeOf<"g", Text>>(trace_));
                     app.use_global_filters(std::make_shared<FilterFor<"g", std::range_error>>());
                   }};

  std::string by_message(const std::string& text) { return service_.send("traced", R"({"text":")" + text + R"("})"); }
  std::string by_http(const std::string& text) { return service_.http("GET", "/traced/by/" + text).body; }

  // What ran before the stage that fails, and what ran on the way back.
  static std::vector<std::string> until(const std::string& stage) {
    std::vector<std::string> lines;
    std::vector<std::string> back;
    for (const std::string& line : recorded) {
      lines.push_back(line);
      if (line == stage) break;
      if (line.starts_with("pre ")) back.insert(back.begin(), "error " + line.substr(4));
    }
    lines.insert(lines.end(), back.begin(), back.end());
    return lines;
  }
};

TEST_F(Order, OfMessagesIsTheRecordedOne) {
  EXPECT_EQ(by_message("x"), R"({"text":"x"})");
  EXPECT_EQ(trace_.take(), recorded);
}

TEST_F(Order, OfHttpIsTheRecordedOne) {
  EXPECT_EQ(by_http("x"), R"({"text":"x"})");
  EXPECT_EQ(trace_.take(), recorded);
}

TEST_F(Order, ErrorsOfEachStageTakeTheSameWayBack) {
  for (const char* stage :
       {"guard APP", "guard g", "guard m2", "pre APP", "pre c", "pre m2", "pipe APP", "pipe c", "pipe m2", "handler"}) {
    const std::string told = R"({"by":"c","what":")" + std::string{stage} + R"("})";
    EXPECT_EQ(by_message(stage), "err " + told);
    EXPECT_EQ(trace_.take(), until(stage)) << stage;
    std::string encoded = stage;
    if (const auto gap = encoded.find(' '); gap != std::string::npos) encoded.replace(gap, 1, "%20");
    EXPECT_EQ(by_http(encoded), told);
    EXPECT_EQ(trace_.take(), until(stage)) << stage;
  }
}

TEST_F(Order, OfFiltersIsMethodThenControllerThenGlobalEachFromLastToFirst) {
  const auto by = [this](const std::string& path, const std::string& headers = {}) {
    const Answer answer = service_.http("GET", "/traced/" + path, {}, headers);
    EXPECT_EQ(answer.status, 418);
    return answer.body;
  };
  EXPECT_EQ(by("filter-method"), R"({"by":"m","what":"x"})");
  EXPECT_EQ(by("filter-two"), R"({"by":"m1","what":"x"})");
  EXPECT_EQ(by("filter-two", "X-Special: 1\r\n"), R"({"by":"m2","what":"x"})");
  EXPECT_EQ(by("filter-class"), R"({"by":"c","what":"x"})");
  EXPECT_EQ(by("filter-global"), R"({"by":"g","what":"x"})");
  EXPECT_EQ(service_.send("filter.method"), R"(err {"by":"m","what":"x"})");
  EXPECT_EQ(service_.send("filter.two").substr(0, 14), R"(err {"by":"m2")");
  EXPECT_EQ(service_.send("filter.class"), R"(err {"by":"c","what":"x"})");
}

TEST_F(Order, OfGlobalFiltersTheLastThatMatchesAnswersUnknownRoutes) {
  const Answer answer = service_.http("GET", "/none");
  EXPECT_EQ(answer.status, 418);
  EXPECT_THAT(answer.body, testing::HasSubstr(R"("by":"APP")"));
}

TEST_F(Order, AGlobalPipeMayBeTheValidationOfAModule) {
  EXPECT_THAT(service_.send("traced", R"({"text":"x","more":1})"),
              testing::HasSubstr("property more should not exist"));
}

// Globals of several modules, as NestJS orders them: root > imported > deep > imported2.
template <name N>
struct GlobalsOf : nest::module {
  template <class... Imports>
  explicit GlobalsOf(Imports... others) {
    this->imports(std::move(others)...);
    this->template provide<nest::app_guard<Guard<N>>>();
    this->template provide<nest::app_interceptor<Around<N>>>();
    this->template provide<nest::app_pipe<PipeOf<N, Text>>>();
    this->template provide<nest::app_filter<FilterFor<N, std::range_error>>>();
  }
};

class Quiet {
  NEST_CONTROLLER(Quiet, "/quiet");

 public:
  NEST_MESSAGE_PATTERN(echo, traced_m);
  Text echo(Text text) { return text; }
  NEST_GET(fail, "/fail");
  Text fail() { throw std::range_error{"x"}; }
};
struct QuietModule : GlobalsOf<"root"> {
  explicit QuietModule(Trace& trace)
      : GlobalsOf{TraceModule{trace}, GlobalsOf<"imported">{GlobalsOf<"deep">{}}, GlobalsOf<"imported2">{}} {
    controllers<Quiet>();
  }
};

TEST(GlobalsOfModules, ComeFromTheRootToItsImportsEachWithItsOwnThenThoseOfTheApplication) {
  Trace trace;
  Service service{QuietModule{trace}, [](nest::application& app) { app.use_global_guards<Guard<"g">>(); }};
  EXPECT_EQ(service.send("traced", R"({"text":"x"})"), R"({"text":"x"})");
  EXPECT_THAT(trace.take(), testing::ElementsAre("guard root", "guard imported", "guard deep", "guard imported2",
                                                 "guard g", "pre root", "pre imported", "pre deep", "pre imported2",
                                                 "pipe root", "pipe imported", "pipe deep", "pipe imported2",
                                                 "post imported2", "post deep", "post imported", "post root"));
  EXPECT_EQ(service.http("GET", "/quiet/fail").body, R"({"by":"imported2","what":"x"})");
}

// Which of a hierarchy's filters is asked: the nearest that matches, not the closest in kind.
class Hierarchy {
  NEST_CONTROLLER(Hierarchy, "/hierarchy",
                  use_filters<FilterFor<"special", SpecialFailure>, FilterFor<"base", Failure>>());

 public:
  NEST_GET(special, "/special");
  int special() { throw SpecialFailure{"x"}; }
  NEST_GET(nearer, "/nearer", use_filters<FilterFor<"nearer", SpecialFailure>>());
  int nearer() { throw SpecialFailure{"x"}; }
  NEST_GET(base, "/base", use_filters<FilterFor<"nearer", SpecialFailure>>());
  int base() { throw Failure{"x"}; }
  NEST_GET(other, "/other");
  int other() { throw std::runtime_error{"secret"}; }
};
struct HierarchyModule : nest::module {
  HierarchyModule() { controllers<Hierarchy>(); }
};

TEST(FilterHierarchy, TheNearestThatMatchesWins) {
  Service service{HierarchyModule{}};
  EXPECT_EQ(service.http("GET", "/hierarchy/special").body, R"({"by":"base","what":"x"})");
  EXPECT_EQ(service.http("GET", "/hierarchy/nearer").body, R"({"by":"nearer","what":"x"})");
  EXPECT_EQ(service.http("GET", "/hierarchy/base").body, R"({"by":"base","what":"x"})");
  EXPECT_EQ(service.http("GET", "/hierarchy/other").status, 500);
}

// A hybrid application shares its globals, unless a microservice is told otherwise.
class Deny : public nest::plain_guard {
 public:
  bool can_activate_now(nest::execution_context&) override { return false; }
};

class Plain {
  NEST_CONTROLLER(Plain, "/plain");

 public:
  NEST_MESSAGE_PATTERN(echo, traced_m);
  NEST_POST(echo, "/");
  Text echo(Text text) { return text; }
};
struct PlainModule : nest::module {
  PlainModule() {
    provide<nest::app_guard<Deny>>();
    controllers<Plain>();
  }
};

TEST(Hybrids, ShareGlobalsUnlessToldOtherwise) {
  Service service{PlainModule{}, [](nest::application& app) { app.use_global_filters<Filter<"g">>(); }};
  EXPECT_EQ(service.http("POST", "/plain", R"({"text":"x"})").body, R"({"by":"g","what":"Forbidden resource"})");
  EXPECT_EQ(service.send("traced", R"({"text":"x"})"), R"(err {"by":"g","what":"Forbidden resource"})");
}

TEST(Hybrids, MayOptOut) {
  nest::in_memory_network inner;
  Service service{PlainModule{}, [&](nest::application& app) {
                    app.use_global_filters<Filter<"g">>();
                    app.connect_microservice(inner, "inner", {.inherit_app_config = false});
                  }};
  EXPECT_EQ(service.send("traced", R"({"text":"x"})"), R"(err {"by":"g","what":"Forbidden resource"})");
  auto client = nest::make_in_memory_client(service.app.loops(), "inner", inner, "inner");
  EXPECT_EQ(service.ask(*client, "traced", R"({"text":"x"})"), R"({"text":"x"})");
  EXPECT_THAT(service.ask(*client, "traced", R"({"text":1})"), testing::HasSubstr("text must be a string"));
  client->close();
}

// std::optional: JavaScript's null, over either transport.
using find_m = nest::message<"find", Text, Text>;
using find_later_m = nest::message<"find.later", Text, Text>;

class Finder {
  NEST_CONTROLLER(Finder, "/find");

 public:
  NEST_MESSAGE_PATTERN(find, find_m);
  NEST_POST(find, "/");
  std::optional<Text> find(Text text) {
    if (text.text == "none") return std::nullopt;
    return text;
  }
  NEST_MESSAGE_PATTERN(later, find_later_m);
  NEST_POST(later, "/later");
  nest::task<std::optional<Text>> later(Text text) { co_return find(std::move(text)); }
};
struct FinderModule : nest::module {
  FinderModule() { controllers<Finder>(); }
};

TEST(OptionalResults, AreNullForMessagesAndEmptyOverHttp) {
  Service service{FinderModule{}};
  for (const char* suffix : {"", ".later"}) {
    EXPECT_EQ(service.send("find" + std::string{suffix}, R"({"text":"none"})"), "null");
    EXPECT_EQ(service.send("find" + std::string{suffix}, R"({"text":"x"})"), R"({"text":"x"})");
  }
  for (const char* path : {"/find", "/find/later"}) {
    const Answer none = service.http("POST", path, R"({"text":"none"})");
    EXPECT_EQ(none.status, 201);
    EXPECT_EQ(none.body, "");
    EXPECT_EQ(none.head.find("Content-Type"), std::string::npos);
    EXPECT_EQ(service.http("POST", path, R"({"text":"x"})").body, R"({"text":"x"})");
  }
}

}  // namespace
}  // namespace app_test
