// Starting and stopping: what is found before a listener opens, the hooks' order, what is left behind.

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

namespace {

namespace nest = nestcpp;

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text, is_string()));

using say = nest::message<"say", Text, Text>;

class Speaker {
  NEST_CONTROLLER(Speaker, "/speak");

 public:
  NEST_MESSAGE_PATTERN(speak, say);
  NEST_POST(speak, "/");
  Text speak(Text what) { return what; }
};

class SecondSpeaker {
  NEST_CONTROLLER(SecondSpeaker, "/speak-too");

 public:
  NEST_MESSAGE_PATTERN(repeat, say);
  Text repeat(Text what) { return what; }
};

class SameRoute {
  NEST_CONTROLLER(SameRoute);

 public:
  NEST_POST(other, "speak");
  Text other(Text what) { return what; }
};

template <class... Controllers>
struct With : nest::module {
  With() { controllers<Controllers...>(); }
};

struct Missing {
  virtual ~Missing() = default;
};
class Needy {
  NEST_CONTROLLER(Needy);

 public:
  explicit Needy(Missing& missing) : missing_{missing} {}
  Missing& missing_;
};

std::string start_error(nest::application& app) {
  try {
    app.start();
  } catch (const nest::startup_error& error) {
    EXPECT_TRUE(app.listeners().empty()) << "nothing may be open";
    return error.what();
  }
  return "started";
}

TEST(ApplicationStart, MissingProviderIsNamedWithTheWayOut) {
  nest::application app{With<Needy>{}, {.io_threads = 1}};
  EXPECT_THAT(start_error(app), testing::AllOf(testing::HasSubstr("Needy"), testing::HasSubstr("Missing")));
}

TEST(ApplicationStart, TwoHandlersOfOneMessageAreNamed) {
  nest::application app{With<Speaker, SecondSpeaker>{}, {.io_threads = 1}};
  app.connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = 0});
  EXPECT_THAT(start_error(app), testing::AllOf(testing::HasSubstr("\"say\""), testing::HasSubstr("Speaker.speak"),
                                               testing::HasSubstr("SecondSpeaker.repeat")));
}

TEST(ApplicationStart, TwoHandlersOfOneRouteAreNamed) {
  nest::application app{With<Speaker, SameRoute>{}, {.io_threads = 1}};
  app.listen_http({.host = "127.0.0.1", .port = 0});
  EXPECT_THAT(start_error(app), testing::AllOf(testing::HasSubstr("/speak"), testing::HasSubstr("Speaker.speak"),
                                               testing::HasSubstr("SameRoute.other")));
}

TEST(ApplicationStart, PortInUseIsNamed) {
  nest::application first{With<Speaker>{}, {.io_threads = 1}};
  first.connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = 0});
  first.start();
  const std::string line = first.listeners().front();
  const auto port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  nest::application second{With<Speaker>{}, {.io_threads = 1}};
  second.connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = port});
  EXPECT_THAT(start_error(second), testing::HasSubstr("127.0.0.1:" + std::to_string(port)));
}

TEST(ApplicationStart, HostThatIsNotOursIsNamed) {
  nest::application app{With<Speaker>{}, {.io_threads = 1}};
  app.connect_microservice(nest::tcp_options{.host = "no-such-host.invalid", .port = 0});
  EXPECT_THAT(start_error(app), testing::HasSubstr("no-such-host.invalid"));
}

class Limited {
  NEST_CONTROLLER(Limited, use_interceptors<nest::timeout_interceptor>());

 public:
  NEST_MESSAGE_PATTERN(speak, say);
  Text speak(Text what) { return what; }
};

TEST(ApplicationStart, TimeoutInterceptorNeedsNoOptions) {
  nest::application app{With<Limited>{}, {.io_threads = 1}};
  EXPECT_EQ(start_error(app), "started");
  EXPECT_EQ(app.get<nest::timeout_options>().limit, std::chrono::seconds{10});
}

struct Notes {
  std::mutex mutex;
  std::vector<std::string> lines;
  void add(std::string line) {
    const std::lock_guard lock{mutex};
    lines.push_back(std::move(line));
  }
};

class Hooked {
 public:
  explicit Hooked(Notes& notes) : notes_{notes} {}
  nest::task<> on_module_init() {
    notes_.add("init");
    co_return;
  }
  void on_application_bootstrap() { notes_.add("bootstrap"); }
  void on_module_destroy() { notes_.add("destroy"); }
  void before_application_shutdown(std::string_view signal) { notes_.add("before " + std::string{signal}); }
  nest::task<> on_application_shutdown(std::string_view signal) {
    notes_.add("shutdown " + std::string{signal});
    co_return;
  }

 private:
  Notes& notes_;
};

struct HookedModule : nest::module {
  explicit HookedModule(Notes& notes) {
    provide_factory<Notes>([&notes]() -> Notes& { return notes; });
    provide<Hooked>();
  }
};

TEST(ApplicationLifecycle, HooksRunInOrderOnce) {
  Notes notes;
  {
    nest::application app{HookedModule{notes}, {.io_threads = 1}};
    app.start();
    app.stop("SIGTERM");
    app.stop("SIGTERM");
  }
  EXPECT_THAT(notes.lines, testing::ElementsAre("init", "bootstrap", "destroy", "before SIGTERM", "shutdown SIGTERM"));
}

TEST(ApplicationLifecycle, DestructorStops) {
  Notes notes;
  {
    nest::application app{HookedModule{notes}, {.io_threads = 1}};
    app.start();
  }
  EXPECT_THAT(notes.lines, testing::ElementsAre("init", "bootstrap", "destroy", "before ", "shutdown "));
}

class FailingInit {
 public:
  void on_module_init() { throw nest::startup_error{"no database"}; }
};

struct FailingModule : nest::module {
  FailingModule() {
    provide<FailingInit>();
    controllers<Speaker>();
  }
};

TEST(ApplicationLifecycle, FailingInitOpensNothing) {
  nest::application app{FailingModule{}, {.io_threads = 1}};
  app.connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = 0});
  EXPECT_EQ(start_error(app), "no database");
}

}  // namespace
