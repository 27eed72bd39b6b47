// An outside project's test, with the testing kit and no test framework.
#include <nestcpp/testing/testing.hpp>

#include <nestcpp/nestcpp.hpp>

#include <cstdio>

namespace nest = nestcpp;

struct SumDto {
  int a = 0, b = 0;
};
NEST_DTO(SumDto, NEST_FIELD(a), NEST_FIELD(b));
struct TotalDto {
  int total = 0;
};
NEST_DTO(TotalDto, NEST_FIELD(total));
using sum = nest::message<"sum", SumDto, TotalDto>;

class SumController {
  NEST_CONTROLLER(SumController, "/sum");

 public:
  NEST_MESSAGE_PATTERN(add, sum);
  NEST_POST(add, "/");
  nest::task<TotalDto> add(SumDto dto) {
    co_await nest::sleep_for(std::chrono::hours{1});
    co_return TotalDto{dto.a + dto.b};
  }
};

struct SumModule : nest::module {
  SumModule() { controllers<SumController>(); }
};

int main() {
  nest::testing::mock_clock clock;
  nest::testing::testing_module app{SumModule{}};
  app.start();
  auto over_http = app.http().post("/sum", SumDto{1, 2}).start();
  auto as_message = app.messages().start<sum>({3, 4});
  clock.advance(std::chrono::hours{1});
  const bool right = over_http.get().as<TotalDto>().total == 3 && as_message.get().total == 7;
  std::printf("%s\n", right ? "an hour has passed" : "wrong");
  return right ? 0 : 1;
}
