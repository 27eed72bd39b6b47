#pragma once
// The service that hostile peers meet: a handler that answers at once, one that takes its time, one that answers much.

#include <nestcpp/app/application.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/dto/dto.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>

namespace victim {

namespace nest = nestcpp;

struct Number {
  int number = 0;
};
NEST_DTO(Number, NEST_FIELD(number, is_int()));

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text));

using echo = nest::message<"echo", Number, Number>;
using sleep = nest::message<"sleep", Number, Number>;  // number: milliseconds
using much = nest::message<"much", Number, Text>;      // number: bytes

// What its handlers have seen.
struct Counters {
  void begin() {
    const int now = ++sleeping;
    int seen = most_sleeping;
    while (seen < now && !most_sleeping.compare_exchange_weak(seen, now)) {
    }
  }
  std::atomic<int> sleeping{0}, most_sleeping{0}, much{0};
};

class Handlers {
  NEST_CONTROLLER(Handlers);

 public:
  explicit Handlers(Counters& counters) : counters_{counters} {}

  NEST_MESSAGE_PATTERN(give_back, echo);
  Number give_back(const Number& what) { return what; }

  NEST_MESSAGE_PATTERN(take_time, victim::sleep);
  nest::task<Number> take_time(Number how_long) {
    counters_.begin();
    co_await nest::sleep_for(std::chrono::milliseconds{how_long.number});
    --counters_.sleeping;
    co_return how_long;
  }

  NEST_MESSAGE_PATTERN(say_much, much);
  Text say_much(const Number& bytes) {
    ++counters_.much;
    return {std::string(static_cast<std::size_t>(bytes.number), 'x')};
  }

 private:
  Counters& counters_;
};

struct Service : nest::module {
  explicit Service(Counters& counters) {
    provide_factory<Counters>([&counters]() -> Counters& { return counters; });
    controllers<Handlers>();
  }
};

}  // namespace victim
