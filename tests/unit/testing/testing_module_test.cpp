#include "unit/testing/shop.hpp"

#include <nestcpp/testing/testing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace shop;
using namespace std::chrono_literals;
using nest::testing::testing_module;
using ::testing::HasSubstr;

constexpr auto spoons = "spoons";

// Two applications and what connects them.
class Shop : public ::testing::Test {
 protected:
  void start() {
    stock.start();
    orders.start();
  }

  nest::testing::test_network network;
  testing_module stock{StockModule{}, {.name = "stock", .network = &network}};
  testing_module orders{OrdersModule{}, {.network = &network}};
};

TEST_F(Shop, AnswersHttpWithoutASocket) {
  start();
  const auto answer = orders.http().post("/orders", ReserveDto{spoons, 3}).header("X-Request-Id", "r-1").send();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.as<ReservedDto>().left, 7);
  EXPECT_EQ(answer.json().at("left"), 7);
  EXPECT_EQ(answer.header("x-request-id"), "r-1");
  EXPECT_THAT(answer.header("Content-Type"), HasSubstr("application/json"));
  EXPECT_TRUE(orders.app().listeners().size() == 1 && orders.app().listeners()[0].starts_with("memory"));
}

TEST_F(Shop, AnswersBadHttpAsTheServerWould) {
  start();
  auto http = orders.http();
  EXPECT_EQ(http.get("/nowhere").send().body,
            R"({"message":"Cannot GET /nowhere","error":"Not Found","statusCode":404})");
  const auto refused = http.post("/orders", R"({"article":"","pieces":0})").send();
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("article should not be empty"));
  EXPECT_EQ(http.post("/orders", "{").send().status, 400);
  EXPECT_EQ(http.post("/orders", R"({"article":")" + std::string(200'000, 'x') + R"("})").send().status, 413);
  EXPECT_EQ(http.post("/orders", ReserveDto{spoons, 11}).send().body,
            R"({"message":"sold out","error":"Conflict","statusCode":409})");
  EXPECT_EQ(http.get("/health").send().status, 200);
  const auto head = http.head("/health").send();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_THROW(http.get("/x").header("X-Bad", "a\r\nb: c"), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(http.get("/nowhere").send().as<std::vector<int>>()),
               nest::testing::expectation_failed);
}

TEST_F(Shop, TakesMessages) {
  start();
  EXPECT_EQ(orders.messages().send<shop::order>({spoons, 4}).left, 6);
  EXPECT_EQ(stock.messages().send_text("stock.reserve", R"({"article":"forks","pieces":1})").text(), R"({"left":5})");
  try {
    stock.messages().send_text("stock.reserve", R"({"article":"forks","pieces":"many"})");
    FAIL() << "it was taken";
  } catch (const nest::rpc_exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("pieces must be an integer number"));
  }
  EXPECT_THROW(orders.messages().send_text("who.knows", "{}"), nest::rpc_exception);
  const auto values = stock.messages().collect<count_down>({spoons, 3});
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values.back().left, 1);
}

TEST_F(Shop, HasHandledAnEventWhenItReturns) {
  start();
  stock.messages().emit<ordered>({"knives"});
  EXPECT_EQ(stock.get<StockController>().heard, "knives");
  stock.messages().emit_text("ordered", R"({"article":"plates"})");
  EXPECT_EQ(stock.get<StockController>().heard, "plates");
  stock.messages().emit_acknowledged<ordered>({"cups"});
  EXPECT_EQ(stock.get<StockController>().heard, "cups");
}

TEST_F(Shop, DrivesTimersByTheMockClock) {
  nest::testing::mock_clock clock;  // this test sets no timers before
  start();
  auto later = orders.http().post("/orders/slow", ReserveDto{spoons, 60}).start();
  auto message = orders.messages().start<slow>({spoons, 30});
  clock.advance(29s);
  EXPECT_FALSE(message.is_ready());
  clock.advance(1s);
  EXPECT_TRUE(message.is_ready());
  EXPECT_FALSE(later.is_ready());
  EXPECT_EQ(message.get().left, 30);
  clock.advance(30s);
  EXPECT_EQ(later.get().as<ReservedDto>().left, 60);
  orders.close();
  stock.close();
}

TEST_F(Shop, SaysThatAnAnswerDoesNotCome) {
  start();
  auto later = orders.http().post("/orders/slow", ReserveDto{spoons, 1}).start();
  EXPECT_THROW(later.get(1ms), nest::testing::expectation_failed);
  EXPECT_EQ(later.get().status, 201) << "it may be waited for again";
}

struct CheapList : PriceList {
  int price() const override { return 1; }
};
struct OpenGuard : AdminGuard {
  bool can_activate_now(nest::execution_context&) override { return true; }
};

TEST_F(Shop, ReplacesProvidersAndGuards) {
  CheapList cheap;
  orders.override_provider<PriceList>(cheap).override_guard<AdminGuard>(std::make_unique<OpenGuard>());
  start();
  EXPECT_EQ(orders.http().get("/orders/price").send().as<PriceDto>().price, 1);
}

TEST_F(Shop, KeepsWhatIsNotReplaced) {
  orders.override_provider<PriceList, CheapList>();
  start();
  EXPECT_EQ(orders.http().get("/orders/price").send().status, 403);
  EXPECT_EQ(orders.http().get("/orders/price").header("X-Admin", "yes").send().as<PriceDto>().price, 1);
}

TEST_F(Shop, CompilesWithoutStarting) {
  orders.compile();
  EXPECT_EQ(orders.get<PriceList>().price(), 100);
  EXPECT_THROW(static_cast<void>(orders.http()), std::logic_error);
  EXPECT_THROW(static_cast<void>(orders.messages()), std::logic_error);
}

TEST_F(Shop, RefusesAnOverrideOfNothing) {
  orders.override_provider<std::string>(std::string{"nobody asks for it"});
  EXPECT_THROW(orders.start(), nest::startup_error);
}

TEST_F(Shop, RefusesTwoOfOneName) {
  start();
  testing_module other{StockModule{}, {.name = "stock", .network = &network}};
  EXPECT_THROW(other.start(), nest::startup_error);
}

TEST_F(Shop, IsGoneOnceItIsClosed) {
  start();
  EXPECT_EQ(orders.messages().send<shop::order>({spoons, 1}).left, 9);
  stock.close();
  EXPECT_EQ(orders.http().post("/orders", ReserveDto{spoons, 1}).send().status, 503);
}

TEST(TestingModule, TellsThatItEndedBeforeItAnswered) {
  std::vector<nest::testing::pending<nest::testing::http_answer>> answers;
  std::vector<nest::testing::pending<ReservedDto>> replies;
  {
    testing_module app{OrdersModule{}, {.shutdown_grace = 5ms}};
    app.start();
    answers.push_back(app.http().post("/orders/slow", ReserveDto{spoons, 60}).start());
    replies.push_back(app.messages().start<slow>({spoons, 60}));
    nest::testing::settle();
  }
  EXPECT_THROW(answers[0].get(), nest::testing::expectation_failed);
  EXPECT_THROW(replies[0].get(), std::exception);
}

TEST(TestingModule, HasANetworkOfItsOwn) {
  testing_module app{StockModule{}};
  app.start();
  EXPECT_EQ(app.messages().send<reserve>({spoons, 1}).left, 9);
}

}  // namespace
