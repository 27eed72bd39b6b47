// Classes without macros: a table describes them, and ends in what the decorators make.

#include "support.hpp"

namespace app_test {
namespace {

struct Number {
  int value = 0;
};
NEST_DTO(Number, NEST_FIELD(value, is_int()));

using set_counter = nest::message<"counter.set", Number, Number>;
using add_counter = nest::message<R"({"cmd":"add","unit":"one"})", Number, Number>;
using count_seven = nest::message<"7", Number, Number>;
using counter_seen = nest::event<"counter.seen", Number>;

// As a library would have it: it knows nothing of us.
class Counter {
 public:
  Number get() const { return {value_}; }
  Number set(Number to) {
    value_ = to.value;
    return to;
  }
  Number add(const Number& what) { return {value_ += what.value}; }
  Number scaled(nest::path<"by", int> by, nest::path<"tenant", std::string>) const { return {value_ * *by}; }
  void seen(Number) { ++seen_; }
  int seen_ = 0;

 private:
  int value_ = 0;
};

class NoEntry : public nest::plain_guard {
 public:
  bool can_activate_now(nest::execution_context& context) override { return context.get_handler() != "guarded"; }
};

}  // namespace
}  // namespace app_test

template <>
struct nestcpp::controller_table<app_test::Counter> {
  using Counter = app_test::Counter;
  static constexpr auto controller() {
    return nestcpp::make_controller("Counter", "/:tenant/counter", nestcpp::use_guards<app_test::NoEntry>());
  }
  static constexpr auto routes() {
    using enum nestcpp::http_method;
    return nestcpp::routes(
        nestcpp::make_http_route<&Counter::get, nestcpp::http_method::get, "/">("get"),
        nestcpp::make_http_route<&Counter::get, head, "/only-head">("get"),
        nestcpp::make_http_route<&Counter::get, options, "/">("get"),
        nestcpp::make_http_route<&Counter::get, nestcpp::http_method::get, "/guarded">("guarded"),
        nestcpp::make_http_route<&Counter::set, put, "/">("set", nestcpp::http_code(202),
                                                          nestcpp::response_header("X-Unit", "one")),
        nestcpp::make_http_route<&Counter::scaled, nestcpp::http_method::get, "/times/:by">("scaled"),
        nestcpp::make_message_route<&Counter::set, app_test::set_counter>("set"),
        nestcpp::make_message_route<&Counter::add, app_test::add_counter>("add"),
        nestcpp::make_message_route<&Counter::add, app_test::count_seven>("add"),
        nestcpp::make_message_route<&Counter::seen, app_test::counter_seen>("seen"));
  }
};

namespace app_test {
namespace {

struct CounterModule : nest::module {
  CounterModule() { controllers<Counter>(); }
};

class ControllerTable : public testing::Test {
 protected:
  Service service_{CounterModule{}};
};

TEST_F(ControllerTable, ServesHttpAndMessages) {
  EXPECT_EQ(service_.send("counter.set", R"({"value":4})"), R"({"value":4})");
  EXPECT_EQ(service_.http("GET", "/acme/counter").body, R"({"value":4})");
  EXPECT_EQ(service_.http("GET", "/acme/counter/times/5").body, R"({"value":20})");
  EXPECT_EQ(service_.http("OPTIONS", "/acme/counter").status, 200);
  EXPECT_EQ(service_.http("HEAD", "/acme/counter/only-head").status, 200);
  EXPECT_EQ(service_.http("GET", "/acme/counter/only-head").status, 404);
}

TEST_F(ControllerTable, OptionsAreThoseOfDecorators) {
  const Answer answer = service_.http("PUT", "/acme/counter", R"({"value":9})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_THAT(answer.head, testing::HasSubstr("X-Unit: one"));
  EXPECT_EQ(service_.http("GET", "/acme/counter/guarded").status, 403);
  const Answer refused = service_.http("PUT", "/acme/counter", R"({"value":"x"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.head, testing::HasSubstr("X-Unit: one"));
}

TEST_F(ControllerTable, ObjectPatternsAreFoundInAnyOrderOfTheirKeys) {
  EXPECT_EQ(service_.send(R"({"unit":"one", "cmd":"add"})", R"({"value":2})"), R"({"value":2})");
  EXPECT_THAT(service_.send(R"({"cmd":"add"})", R"({"value":2})"), testing::HasSubstr("no matching message handler"));
}

// NestJS's @MessagePattern(7): "7" and 7 are one pattern. Several patterns of one method: several lines.
TEST_F(ControllerTable, NumbersArePatternsAndAMethodMayHaveSeveral) {
  EXPECT_EQ(service_.send("7", R"({"value":3})"), R"({"value":3})");
  EXPECT_EQ(service_.send(R"({"cmd":"add","unit":"one"})", R"({"value":3})"), R"({"value":6})");
  nest::message_registry registry;
  nest::handler_info info{"Counter", "add", "7"};
  registry.add_message("7", std::make_unique<nest::handler_chain>(info, std::vector<const nest::enhancers*>{}));
  EXPECT_NE(registry.find("7"), nullptr);
  EXPECT_EQ(registry.find("7"), registry.find(R"("7")"));
  EXPECT_EQ(registry.find("7"), registry.find("7.0"));
}

// The same description as NEST_CONTROLLER leaves.
class Decorated {
  NEST_CONTROLLER(Decorated, "/:tenant/counter", use_guards<NoEntry>());

 public:
  NEST_GET(get, "/");
  Number get() const { return {}; }
  NEST_MESSAGE_PATTERN(set, set_counter);
  Number set(Number to) { return to; }
};

template <class C>
std::vector<std::string> described() {
  std::vector<std::string> names{std::string{nest::describe_controller<C>().name},
                                 std::string{nest::describe_controller<C>().prefix}};
  nest::for_each_route<C>([&](const auto& route) { names.emplace_back(route.name); });
  return names;
}

TEST(ControllerDescription, TableAndMacroEndInOneType) {
  static_assert(
      std::is_same_v<decltype(nest::describe_controller<Counter>()), decltype(nest::describe_controller<Decorated>())>);
  EXPECT_THAT(described<Decorated>(), testing::ElementsAre("Decorated", "/:tenant/counter", "get", "set"));
  EXPECT_THAT(described<Counter>(), testing::ElementsAre("Counter", "/:tenant/counter", "get", "get", "get", "guarded",
                                                         "set", "scaled", "set", "add", "add", "seen"));
}

}  // namespace
}  // namespace app_test
