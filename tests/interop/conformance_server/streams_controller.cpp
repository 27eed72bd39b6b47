#include "streams_controller.hpp"

#include <chrono>
#include <stdexcept>

namespace conformance {

using namespace std::chrono_literals;

namespace {

nest::reply value(int number) { return nest::reply::from_text(std::to_string(number)); }

nest::stream<std::string> letters() {
  co_yield "a";
  co_yield "b";
}

}  // namespace

nest::stream<int> StreamsController::obs3_sync() {
  for (int i = 1; i <= 3; ++i) co_yield i;
}

nest::stream<int> StreamsController::obs3_async() {
  for (int i = 0; i < 3; ++i) {
    co_await nest::sleep_for(20ms);
    co_yield i;
  }
}

nest::stream<std::string> StreamsController::obs1_async() {
  co_await nest::sleep_for(10ms);
  co_yield "x";
}

nest::stream<int> StreamsController::obs_empty_async() {
  co_await nest::sleep_for(10ms);
  co_return;
}

nest::stream<nest::reply> StreamsController::obs_undef() {
  co_yield nest::reply{};
  co_yield value(1);
}

nest::stream<nest::reply> StreamsController::obs_undef_last() {
  co_yield value(1);
  co_yield nest::reply{};
}

nest::stream<int> StreamsController::obs_then_err_sync() {
  co_yield 1;
  throw nest::rpc_exception{"late"};
}

nest::stream<int> StreamsController::obs_then_err_async() {
  co_await nest::sleep_for(10ms);
  co_yield 1;
  co_await nest::sleep_for(10ms);
  throw nest::rpc_exception{"late"};
}

nest::stream<int> StreamsController::obs_plain_err() {
  throw std::runtime_error{"boom"};
  co_return;
}

nest::task<nest::stream<std::string>> StreamsController::prom_obs() { co_return letters(); }

nest::stream<int> StreamsController::count(int values) {
  for (int i = 0; i < values; ++i) co_yield i;
}

}  // namespace conformance
