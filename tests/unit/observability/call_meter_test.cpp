#include <nestcpp/core/call_meter.hpp>

#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

namespace nestcpp {
namespace {

using namespace std::chrono_literals;

TEST(CallMeter, CountsByHowLongCallsTook) {
  call_meter meter;
  meter.record(10us);
  meter.record(50us);  // a bound belongs to its bucket
  meter.record(51us, true);
  meter.record(1h);
  meter.record(-1ns);
  const auto taken = meter.taken();
  EXPECT_EQ(taken.counts[0], 3U);
  EXPECT_EQ(taken.counts[1], 1U);
  EXPECT_EQ(taken.counts.back(), 1U);
  EXPECT_NEAR(taken.seconds, 3600.000111, 1e-9);
  EXPECT_EQ(meter.succeeded(), 4U);
  EXPECT_EQ(meter.failed(), 1U);
}

TEST(CallMeter, LosesNothingBetweenThreads) {
  call_meter meter;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&meter] {
      for (int i = 0; i < 10000; ++i) meter.record(std::chrono::microseconds{i}, i % 2 == 0);
    });
  }
  for (auto& each : threads) each.join();
  const auto taken = meter.taken();
  EXPECT_EQ(std::accumulate(taken.counts.begin(), taken.counts.end(), std::uint64_t{0}), 80000U);
  EXPECT_EQ(meter.succeeded(), 40000U);
  EXPECT_EQ(meter.failed(), 40000U);
}

}  // namespace
}  // namespace nestcpp
