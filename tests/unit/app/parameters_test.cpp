// Where handlers' arguments come from beside bodies and names: extractors, piped parameters, what guards keep.

#include "support.hpp"

namespace app_test {
namespace {

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text, is_string()));

struct CurrentUser {
  std::string name;
};
struct AcceptedLanguage {
  std::string code;
};
struct Principal {
  std::string name;
};

}  // namespace
}  // namespace app_test

template <>
struct nestcpp::parameter_extractor<app_test::CurrentUser> {
  static app_test::CurrentUser extract(nestcpp::execution_context& context) {
    if (context.get_type() == nestcpp::context_type::rpc) return {"message " + std::string{context.route()}};
    const auto name = context.header("x-user");
    if (!name) throw nestcpp::unauthorized_exception{"who are you?"};
    return {std::string{*name}};
  }
};
template <>
struct nestcpp::parameter_extractor<app_test::AcceptedLanguage> {
  static constexpr bool http_only = true;
  static app_test::AcceptedLanguage extract(nestcpp::execution_context& context) {
    return {std::string{context.header("accept-language").value_or("en")}};
  }
};

namespace app_test {
namespace {

class PrincipalGuard : public nest::guard {
 public:
  nest::task<bool> can_activate(nest::execution_context& context) override {
    co_await nest::sleep_for(std::chrono::milliseconds{1});
    context.set(Principal{"first"});
    context.set(Principal{"ann"});
    context.set(42);
    co_return true;
  }
};

class ShoutingPipe : public nest::pipe<CurrentUser> {
 public:
  CurrentUser transform(CurrentUser user, const nest::argument_metadata& metadata) override {
    EXPECT_EQ(metadata.type, nest::argument_metadata::source::custom);
    user.name += "!";
    return user;
  }
};

class Prices {
 public:
  int of(const std::string& item) const {
    if (item == "tea") return 3;
    throw nest::not_found_exception{"no " + item};
  }
};

struct Price {
  int euros = 0;
};
// Another type than the parameter's, and injected.
class PricePipe {
 public:
  explicit PricePipe(Prices& prices) : prices_{prices} {}
  Price transform(std::string item, const nest::argument_metadata& metadata) const {
    EXPECT_EQ(metadata.data, "item");
    return {prices_.of(item)};
  }

 private:
  Prices& prices_;
};
class TaxPipe {
 public:
  Price transform(Price net, const nest::argument_metadata&) const { return {net.euros * 2}; }
};

class SuffixPipe : public nest::async_pipe<std::string> {
 public:
  nest::task<std::string> transform(std::string value, nest::argument_metadata metadata) override {
    co_await nest::sleep_for(std::chrono::milliseconds{1});
    if (value == "bad") throw nest::bad_request_exception{"bad " + std::string{metadata.data}};
    co_return value + "-checked";
  }
};
class TextPipe : public nest::async_pipe<Text> {
 public:
  nest::task<Text> transform(Text value, nest::argument_metadata) override {
    value.text += " awaited";
    co_return value;
  }
};

using whoami = nest::message<"whoami", Text, Text>;
using principal_m = nest::message<"principal", Text, Text>;
using awaited_m = nest::message<"awaited", Text, Text>;
using trace_m = nest::message<"trace", Text, Text>;

class People {
  NEST_CONTROLLER(People, "/people");

 public:
  NEST_GET(me, "/me");
  std::string me(CurrentUser user, const AcceptedLanguage& language) { return user.name + " " + language.code; }

  NEST_GET(loud, "/loud", use_pipes<ShoutingPipe>());
  std::string loud(const CurrentUser& user) { return user.name; }

  NEST_MESSAGE_PATTERN(by_message, whoami);
  Text by_message(CurrentUser user, Text text) { return {user.name + " " + text.text}; }

  NEST_MESSAGE_PATTERN(principal, principal_m, use_guards<PrincipalGuard>());
  NEST_GET(principal, "/principal", use_guards<PrincipalGuard>());
  nest::task<Text> principal(nest::from_context<Principal> principal, nest::execution_context& context) {
    co_await nest::sleep_for(std::chrono::milliseconds{1});
    auto* current = nest::execution_context::current();
    EXPECT_EQ(current, &context);
    EXPECT_EQ(current->try_get<std::string>(), nullptr);
    co_return Text{principal->name + std::to_string(current->get<int>())};
  }

  NEST_GET(unguarded, "/unguarded");
  std::string unguarded(nest::from_context<Principal> principal) { return principal->name; }

  NEST_GET(built_in, "/built-in");
  std::string built_in(nest::caller_ip ip, nest::all_headers headers, nest::call_request_id id, nest::deadline limit) {
    return ip.value + " " + std::string{headers->get("x-one").value_or("")} + " " + id.value + " " +
           (limit.is_never() ? "never" : "limited");
  }

  NEST_GET(price, "/price/:item");
  int price(nest::piped<nest::path<"item", std::string>, PricePipe, TaxPipe> price) { return price->euros; }

  NEST_GET(page, "/page");
  std::string page(nest::piped<nest::query<"page", std::optional<int>>, nest::default_value<1>> page,
                   nest::piped<nest::query<"lang", std::optional<std::string>>, nest::default_text<"en">> language) {
    return std::to_string(*page) + *language;
  }

  NEST_GET(checked, "/checked/:name", use_pipes<SuffixPipe>());
  std::string checked(nest::path<"name", std::string> name) { return *name; }

  NEST_MESSAGE_PATTERN(awaited, awaited_m, use_pipes<TextPipe>());
  nest::task<Text> awaited(const Text& text) { co_return text; }

  NEST_MESSAGE_PATTERN(trace, trace_m);
  NEST_GET(trace, "/trace");
  Text trace(nest::execution_context& context) {
    const auto trace = context.trace();
    return {trace ? trace->to_string() : "none"};
  }

 private:
};

struct PeopleModule : nest::module {
  PeopleModule() {
    provide<Prices>();
    controllers<People>();
  }
};

class Parameters : public testing::Test {
 protected:
  Service service_{PeopleModule{}};
};

TEST_F(Parameters, ExtractorsMakeParametersOfEitherKindOfCall) {
  EXPECT_EQ(service_.http("GET", "/people/me", {}, "X-User: bob\r\nAccept-Language: de\r\n").body, "bob de");
  EXPECT_EQ(service_.send("whoami", R"({"text":"hi"})"), R"({"text":"message whoami hi"})");
}

TEST_F(Parameters, ExtractorMayRefuse) {
  const Answer answer = service_.http("GET", "/people/me");
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.body, testing::HasSubstr("who are you?"));
}

TEST_F(Parameters, PipesSeeWhatWasExtracted) {
  EXPECT_EQ(service_.http("GET", "/people/loud", {}, "X-User: bob\r\n").body, "bob!");
}

TEST_F(Parameters, WhatAGuardKeepsTravelsToTheHandlerAndThroughAwait) {
  EXPECT_EQ(service_.send("principal"), R"({"text":"ann42"})");
  EXPECT_EQ(service_.http("GET", "/people/principal").body, R"({"text":"ann42"})");
}

TEST_F(Parameters, WhatNobodyKeptIsAnInternalError) {
  EXPECT_EQ(service_.http("GET", "/people/unguarded").status, 500);
}

TEST_F(Parameters, CallerHeadersRequestIdAndDeadlineAreParameters) {
  EXPECT_EQ(service_.http("GET", "/people/built-in", {}, "X-One: 1\r\nX-Request-Id: r7\r\n").body,
            "127.0.0.1 1 r7 never");
}

TEST_F(Parameters, PipesOfOneParameterMayChangeItsType) {
  EXPECT_EQ(service_.http("GET", "/people/price/tea").body, "6");
  EXPECT_EQ(service_.http("GET", "/people/price/gold").status, 404);
}

TEST_F(Parameters, DefaultsStandInForWhatIsMissing) {
  EXPECT_EQ(service_.http("GET", "/people/page").body, "1en");
  EXPECT_EQ(service_.http("GET", "/people/page?page=3&lang=de").body, "3de");
  EXPECT_EQ(service_.http("GET", "/people/page?page=x").status, 400);
}

TEST_F(Parameters, AsynchronousPipesAreAwaited) {
  EXPECT_EQ(service_.http("GET", "/people/checked/ann").body, "ann-checked");
  const Answer refused = service_.http("GET", "/people/checked/bad");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, testing::HasSubstr("bad name"));
  EXPECT_EQ(service_.send("awaited", R"({"text":"was"})"), R"({"text":"was awaited"})");
}

constexpr const char* parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST_F(Parameters, TraceIsTheCallers) {
  EXPECT_EQ(service_.http("GET", "/people/trace").body, R"({"text":"none"})");
  EXPECT_EQ(service_.http("GET", "/people/trace", {}, "Traceparent: " + std::string{parent} + "\r\n").body,
            R"({"text":")" + std::string{parent} + R"("})");
  EXPECT_EQ(service_.http("GET", "/people/trace", {}, "Traceparent: 00-bad-01\r\n").body, R"({"text":"none"})");
  EXPECT_EQ(service_.send("trace"), R"({"text":"none"})");
}

// A gateway: its handler calls the service, and need not know of traces.
class Gateway {
  NEST_CONTROLLER(Gateway);

 public:
  Gateway(nest::runtime& loops, nest::in_memory_network& network)
      : client_{nest::make_in_memory_client(loops, "service", network, "service")} {}
  ~Gateway() { client_->close(); }

  NEST_GET(ask, "/ask");
  nest::task<nest::reply> ask() { return client_->send_text("trace", "{}", {}); }

  NEST_GET(ask_with_span, "/ask-with-span");
  nest::task<nest::reply> ask_with_span(nest::execution_context& context) {
    auto span = context.trace().value();
    span.parent_id[0] = 0xab;
    context.set_trace(span);
    co_return co_await client_->send_text("trace", "{}", {});
  }

 private:
  std::unique_ptr<nest::client_proxy> client_;
};

struct GatewayModule : nest::module {
  explicit GatewayModule(nest::in_memory_network& network) {
    provide_factory<nest::in_memory_network>([&network]() -> nest::in_memory_network& { return network; });
    controllers<Gateway>();
  }
};

TEST_F(Parameters, ClientsPassTheTraceOn) {
  Service gateway{GatewayModule{service_.network}};
  const std::string header = "Traceparent: " + std::string{parent} + "\r\n";
  EXPECT_EQ(gateway.http("GET", "/ask", {}, header).body, R"({"text":")" + std::string{parent} + R"("})");
  EXPECT_EQ(gateway.http("GET", "/ask").body, R"({"text":"none"})");
  EXPECT_EQ(gateway.http("GET", "/ask-with-span", {}, header).body,
            R"({"text":"00-4bf92f3577b34da6a3ce929d0e0e4736-abf067aa0ba902b7-01"})");
}

}  // namespace
}  // namespace app_test
