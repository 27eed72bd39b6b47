#include "unit/testing/shop.hpp"

#include <nestcpp/testing/testing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace shop;
using namespace std::chrono_literals;
using nest::testing::expectation_failed;
using nest::testing::testing_module;
using ::testing::HasSubstr;
using status = nest::unavailable_exception::request;

class TestNetwork : public ::testing::Test {
 protected:
  TestNetwork() {
    stock.start();
    orders.start();
  }

  // The status of an order, once all time that it needs has passed.
  int order(int pieces = 1) {
    auto answer = orders.http().post("/orders", ReserveDto{"spoons", pieces}).start();
    clock.advance(10s);
    return answer.get().status;
  }

  nest::testing::mock_clock clock;
  nest::testing::test_network network;
  testing_module stock{StockModule{}, {.name = "stock", .network = &network}};
  testing_module orders{OrdersModule{}, {.network = &network}};
  StockController& shelf = stock.get<StockController>();
};

std::string failure_of(const auto& expectation) {
  try {
    expectation();
  } catch (const expectation_failed& failed) {
    return failed.what();
  }
  return "as expected";
}

TEST_F(TestNetwork, RecordsWhatIsPublished) {
  orders.expect_published<ordered>().never();
  EXPECT_EQ(order(2), 201);
  EXPECT_EQ(orders.expect_published<ordered>().once().article, "spoons");
  EXPECT_EQ(network.expect_published<reserve>().once().pieces, 2);
  EXPECT_EQ(order(3), 201);
  EXPECT_EQ(network.expect_published<reserve>().times(2)[1].pieces, 3);
  EXPECT_EQ(network.expect_published<reserve>().at_least(1).size(), 2U);
  EXPECT_EQ(network.expect_published<ordered>().count(), 2U);
  ASSERT_EQ(network.sent().size(), 4U);
  EXPECT_EQ(network.sent()[0].service, "stock");
  EXPECT_EQ(network.sent()[1].pattern, "ordered");
  EXPECT_EQ(network.sent()[1].payload, R"({"article":"spoons"})");
  network.clear_sent();
  network.expect_published<ordered>().never();
}

TEST_F(TestNetwork, SaysWhatWasPublishedInstead) {
  order();
  order();
  EXPECT_EQ(failure_of([&] { network.expect_published<ordered>().never(); }),
            "expected ordered 0× to be published, but it was 2×; published were: stock.reserve 2×, ordered 2×");
  EXPECT_EQ(failure_of([&] { static_cast<void>(network.expect_published<ordered>().times(3, 10ms)); }),
            "expected ordered 3× to be published, but it was 2×; published were: stock.reserve 2×, ordered 2×");
  EXPECT_THAT(failure_of([&] { network.expect_published<ordered>().once(); }), HasSubstr("but it was 2×"));
  network.clear_sent();
  EXPECT_THAT(failure_of([&] { network.expect_published<ordered>().at_least(1, 10ms); }),
              HasSubstr("at least, but it was 0×; published were: none"));
}

TEST_F(TestNetwork, FailsTheCallsThatItIsTold) {
  network.fault<reserve>().nth_call(2).unavailable();
  EXPECT_EQ(order(), 201);
  EXPECT_EQ(order(), 201) << "the client tries again what has not left";
  EXPECT_EQ(shelf.left, 8);
  network.expect_published<reserve>().times(3);

  network.fault<reserve>().first_calls(3).unavailable();
  EXPECT_EQ(order(), 503) << "three attempts, says the client's policy";
  EXPECT_EQ(shelf.left, 8);
  EXPECT_EQ(order(), 201);
}

TEST_F(TestNetwork, ThrowsWhatItIsTold) {
  network.fault("stock").nth_call(1).fail(nest::timeout_exception{"stock"});
  EXPECT_EQ(order(), 504);
  network.fault<reserve>().nth_call(1).reply_error({{"message", "no more"}, {"error", "Gone"}, {"statusCode", 410}});
  EXPECT_EQ(order(), 410);
  EXPECT_EQ(shelf.left, 10) << "the service was asked";
  EXPECT_EQ(order(), 201);
}

TEST_F(TestNetwork, LosesRequestsAndEvents) {
  network.fault<ordered>().drop();
  EXPECT_EQ(order(), 201);
  EXPECT_EQ(shelf.events, 0);
  network.fault<reserve>().drop();
  const auto began = clock.elapsed();
  auto answer = orders.http().post("/orders", ReserveDto{"spoons", 1}).start();
  clock.advance(1999ms);
  EXPECT_FALSE(answer.is_ready()) << "the client waits for 2 s";
  clock.advance(1ms);
  EXPECT_EQ(answer.get().status, 504);
  EXPECT_EQ(clock.elapsed() - began, 2s);
  EXPECT_EQ(shelf.left, 9);
  network.clear_faults();
  EXPECT_EQ(order(), 201);
  EXPECT_EQ(shelf.events, 1);
}

TEST_F(TestNetwork, BreaksConnectionsAfterTheRequestHasArrived) {
  network.fault<reserve>().nth_call(1).disconnect();
  EXPECT_EQ(order(), 503) << "it may have arrived, so that the client must not repeat it";
  EXPECT_EQ(shelf.left, 9);
  network.expect_published<reserve>().once();
  EXPECT_EQ(order(), 201) << "it connects again";
}

TEST_F(TestNetwork, DelaysCalls) {
  network.fault<reserve>().delay(1500ms);
  network.fault("stock").nth_call(1).delay(250ms);
  auto answer = orders.http().post("/orders", ReserveDto{"spoons", 1}).start();
  clock.advance(1749ms);
  EXPECT_EQ(shelf.left, 10);
  clock.advance(1ms);
  EXPECT_EQ(shelf.left, 9);
  EXPECT_EQ(answer.get().status, 201);
  network.fault<reserve>().delay(600ms);
  EXPECT_EQ(order(), 504) << "2.1 s are longer than the client waits";
  EXPECT_EQ(shelf.left, 9);
}

TEST_F(TestNetwork, FaultsAreCountedFromOne) {
  EXPECT_THROW(network.fault<reserve>().nth_call(0), std::invalid_argument);
  EXPECT_THROW(network.fault<reserve>().first_calls(0), std::invalid_argument);
}

// One application by itself.
class Stubs : public ::testing::Test {
 protected:
  Stubs() { orders.start(); }
  nest::testing::http_answer order() { return orders.http().post("/orders", ReserveDto{"spoons", 1}).send(); }

  nest::testing::test_network network;
  testing_module orders{OrdersModule{}, {.network = &network}};
};

TEST_F(Stubs, AnswerInTheServicesPlace) {
  network.stub<reserve>(ReservedDto{5});
  EXPECT_EQ(order().as<ReservedDto>().left, 5);
  EXPECT_EQ(network.expect_published<ordered>().once().article, "spoons") << "an event to nobody ends here";
  network.stub<reserve>([](const ReserveDto& dto) { return ReservedDto{dto.pieces + 1}; });
  EXPECT_EQ(order().as<ReservedDto>().left, 2);
  network.stub<reserve>([](ReserveDto dto) -> nest::task<ReservedDto> {
    co_await nest::sleep_for(1ms);
    co_return ReservedDto{dto.pieces + 2};
  });
  EXPECT_EQ(order().as<ReservedDto>().left, 3);
}

TEST_F(Stubs, MayRefuse) {
  network.stub<reserve>([](const ReserveDto&) -> ReservedDto { throw nest::conflict_exception{"none left"}; });
  EXPECT_EQ(order().body, R"({"message":"none left","error":"Conflict","statusCode":409})");
}

TEST_F(Stubs, HearEvents) {
  std::string heard;
  network.stub<reserve>(ReservedDto{});
  network.stub<ordered>([&](const OrderedEvent& event) { heard = event.article; });
  order();
  EXPECT_EQ(heard, "spoons");
}

TEST_F(Stubs, AreMissedByName) {
  const auto answer = order();
  EXPECT_EQ(answer.status, 503);
  try {
    nest::testing::run(orders.get<StockClient>().reserve({"spoons", 1}));
    FAIL() << "somebody answered";
  } catch (const nest::unavailable_exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("{.name = \"stock\"}"));
    EXPECT_EQ(error.state(), status::never_sent);
  }
}

TEST(FaultPoints, FailTheNthCallFromNowOn) {
  nest::testing::fault_points faults;
  faults.pass("save");
  faults.fail_nth_call("save", 2, std::runtime_error{"disk full"});
  faults.pass("save");
  faults.pass("load");
  EXPECT_THROW(faults.pass("save"), std::runtime_error);
  faults.pass("save");
  EXPECT_EQ(faults.calls("save"), 4U);
  EXPECT_EQ(faults.calls("load"), 1U);
  EXPECT_EQ(faults.calls("delete"), 0U);
  EXPECT_THROW(faults.fail_nth_call("save", 0, std::runtime_error{""}), std::invalid_argument);
}

}  // namespace
