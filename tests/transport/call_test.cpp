// What a handler does, as its caller sees it; over every transport.

#include "shop.hpp"

namespace shop {
namespace {

class Calls : public Shop {};
INSTANTIATE_TEST_SUITE_P(Transports, Calls, testing::Values(transport::tcp, transport::in_memory), transport_name);

TEST_P(Calls, PlainFunctionAnswers) {
  const Order back = run(client_->create({"Zoë 😀 \"q\" \\ \n", 3}));
  EXPECT_EQ(back.item, "Zoë 😀 \"q\" \\ \n");
  EXPECT_EQ(back.count, 3);
}

TEST_P(Calls, CoroutineAnswers) { EXPECT_EQ(run(client_->create_later({"tea", 2})).item, "tea"); }

TEST_P(Calls, LargePayloadsTravel) {
  const std::string item(3 << 20, 'x');
  EXPECT_EQ(run(client_->create({item, 1})).item, item);
}

TEST_P(Calls, VoidCompletesWithoutValue) {
  run(client_->drop({}));
  EXPECT_EQ(journal_.all(), std::vector<std::string>{"dropped"});
}

TEST_P(Calls, InvalidPayloadIsRefusedWithAllMessages) {
  EXPECT_EQ(
      refusal(client_->create({"", 0})),
      R"({"message":["item should not be empty","count must not be less than 1"],"error":"Bad Request","statusCode":400})");
}

TEST_P(Calls, UnknownPropertyIsRefused) {
  EXPECT_EQ(refusal(client_->proxy().send_text("order", R"({"item":"x","count":1,"colour":"red"})", {})),
            R"({"message":["property colour should not exist"],"error":"Bad Request","statusCode":400})");
}

TEST_P(Calls, EveryKindOfErrorIsAnsweredOnce) {
  for (const bool later : {false, true}) {
    const auto refused = [&](int kind) {
      return later ? refusal(client_->break_down_later({kind})) : refusal(client_->break_down({kind}));
    };
    EXPECT_EQ(refused(1), R"({"message":"no such order","error":"Not Found","statusCode":404})");
    EXPECT_EQ(refused(2), R"({"code":42,"message":"custom"})");
    EXPECT_EQ(refused(3), R"({"status":"error","message":"nope"})");
    EXPECT_EQ(refused(4), R"({"status":"error","message":"Internal server error"})");
    EXPECT_EQ(refused(5), R"({"status":"error","message":"Internal server error"})");
  }
}

TEST_P(Calls, UnknownPatternIsAnswered) {
  EXPECT_EQ(refusal(client_->nobody({})), "\"There is no matching message handler defined in the remote service.\"");
}

TEST_P(Calls, ObjectPatternReachesItsHandlerInAnyKeyOrder) {
  EXPECT_EQ(run(client_->who_am_i({})).pattern, R"({"cmd":"who","version":1})");
  const nest::reply answer = run(client_->proxy().send_text(R"({"version":1,"cmd":"who"})", "{}", {}));
  EXPECT_NE(answer.text().find("\"pattern\":"), std::string::npos);
}

TEST_P(Calls, DeadlineTravelsWithTheRequest) {
  const Caller caller = run(client_->who_am_i({}));
  ASSERT_TRUE(caller.milliseconds_left.has_value());
  EXPECT_GT(*caller.milliseconds_left, 3000);
  EXPECT_LE(*caller.milliseconds_left, 5000);
}

TEST_P(Calls, RequestIdIsThePacketsWhereNoneIsGiven) { EXPECT_EQ(run(client_->who_am_i({})).request_id.size(), 21U); }

TEST_P(Calls, EventsReachAllTheirHandlers) {
  run(client_->on_ordered({"soap", 1}));
  EXPECT_TRUE(eventually([&] { return journal_.all().size() == 2; }));
  EXPECT_THAT(journal_.all(), testing::UnorderedElementsAre("ordered soap", "ordered later soap"));
}

TEST_P(Calls, RequestToAnEventIsAcknowledgedAfterAllHandlers) {
  const nest::reply answer = run(client_->proxy().send_text("ordered", R"({"item":"ink","count":1})", {}));
  EXPECT_EQ(answer.text(), "{}") << "NestJS's {current, next}, of two handlers that return nothing";
  EXPECT_THAT(journal_.all(), testing::UnorderedElementsAre("ordered ink", "ordered later ink"));
}

TEST_P(Calls, RefusedEventIsNotAcknowledged) {
  EXPECT_NE(refusal(client_->proxy().send_text("ordered", R"({"item":""})", {})).find("item should not be empty"),
            std::string::npos);
}

TEST_P(Calls, HandlerOverItsLimitIsAnsweredOnceWith408) {
  EXPECT_EQ(refusal(client_->wait_limited_for({10000})),
            R"({"message":"Request Timeout","error":"Request Timeout","statusCode":408})");
  EXPECT_EQ(run(client_->wait_limited_for({1})).milliseconds, 1) << "the connection still serves";
  EXPECT_THAT(journal_.all(), testing::ElementsAre("sleep begins", "sleep begins", "sleep ends"))
      << "the late handler was cancelled";
}

TEST_P(Calls, SlowHandlersDoNotHoldUpOthers) {
  auto slow =
      boost::asio::co_spawn(client_loops_.loop(0).executor(), client_->wait_for({3000}), boost::asio::use_future);
  EXPECT_TRUE(eventually([&] { return !journal_.all().empty(); }));
  for (int i = 1; i <= 100; ++i) EXPECT_EQ(run(client_->create({"x", i})).count, i);
  EXPECT_EQ(slow.wait_for(0s), std::future_status::timeout);
  slow.get();
}

TEST_P(Calls, ManyConcurrentCallsAllGetTheirOwnAnswer) {
  std::vector<std::future<Order>> answers;
  for (int i = 1; i <= 2000; ++i) {
    auto call = i % 2 == 0 ? client_->create({"n", i}) : client_->create_later({"n", i});
    answers.push_back(
        boost::asio::co_spawn(client_loops_.loop(0).executor(), std::move(call), boost::asio::use_future));
  }
  for (int i = 1; i <= 2000; ++i) EXPECT_EQ(answers[static_cast<std::size_t>(i - 1)].get().count, i);
}

}  // namespace
}  // namespace shop
