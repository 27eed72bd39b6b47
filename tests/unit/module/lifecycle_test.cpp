#include "core/log_capture.hpp"
#include "unit/module/expect_startup_error.hpp"
#include "unit/module/run_task.hpp"

#include <nestcpp/module/container.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using testing::ElementsAre;

std::vector<std::string> events;

void note(std::string_view who, std::string_view what) { events.push_back(std::string{who}.append(" ").append(what)); }

/// All five hooks, each noted under the class's own name.
template <class Self>
struct Hooked {
  void on_module_init() { note(nestcpp::type_name<Self>(), "init"); }
  void on_application_bootstrap() { note(nestcpp::type_name<Self>(), "bootstrap"); }
  void on_module_destroy() { note(nestcpp::type_name<Self>(), "destroy"); }
  void before_application_shutdown(std::string_view signal) { note(nestcpp::type_name<Self>(), signal); }
  void on_application_shutdown(std::string_view signal) { note(nestcpp::type_name<Self>(), signal); }
};

// Root → ModA(P2 → P1, C1) → ModB(PChild), and ModG(PG), which is global: the order was recorded with NestJS 12.
struct PG : Hooked<PG> {};
struct PChild : Hooked<PChild> {};
struct P1 : Hooked<P1> {};
struct P2 : Hooked<P2> {
  explicit P2(P1&) {}
};
struct C1 : Hooked<C1> {};

struct ModG : nestcpp::module, Hooked<ModG> {
  ModG() {
    global();
    provide<PG>();
  }
};
struct ModB : nestcpp::module, Hooked<ModB> {
  ModB() { provide<PChild>(); }
};
struct ModA : nestcpp::module, Hooked<ModA> {
  ModA() {
    imports(ModB{});
    provide<P2>();
    provide<P1>();
    controllers<C1>();
  }
};
struct Root : nestcpp::module, Hooked<Root> {
  Root() { imports(ModA{}, ModG{}); }
};

std::vector<std::string> with(const std::string& what, std::vector<std::string> names) {
  for (auto& name : names) name += " " + what;
  return names;
}
const std::vector<std::string> start_order{"PG", "ModG", "PChild", "ModB", "C1", "P1", "P2", "ModA", "Root"};
const std::vector<std::string> stop_order{"Root", "P2", "C1", "P1", "ModA", "PChild", "ModB", "PG", "ModG"};

}  // namespace

namespace nestcpp {
template <>
void nest_register_controller<C1>(C1&, controller_registrar&) {}
template <>
void nest_register_scoped_controller<C1>(tag<C1>, const instance_source&, controller_registrar&) {}
}  // namespace nestcpp

namespace {

class Lifecycle : public testing::Test {
 protected:
  Lifecycle() { events.clear(); }
};

TEST_F(Lifecycle, RunsInNestJsOrder) {
  nestcpp::container container{Root{}};
  run_task(container.run_init());
  EXPECT_EQ(events, with("init", start_order));

  events.clear();
  run_task(container.run_bootstrap());
  EXPECT_EQ(events, with("bootstrap", start_order));

  events.clear();
  run_task(container.run_module_destroy());
  EXPECT_EQ(events, with("destroy", stop_order));

  events.clear();
  run_task(container.run_before_shutdown("SIGTERM"));
  EXPECT_EQ(events, with("SIGTERM", stop_order));

  events.clear();
  run_task(container.run_shutdown(""));
  EXPECT_EQ(events, with("", stop_order));
}

TEST_F(Lifecycle, AModulesDistanceIsItsLongestWayFromTheRoot) {
  struct Shared : nestcpp::module, Hooked<Shared> {};
  struct Near : nestcpp::module, Hooked<Near> {
    Near() { imports(Shared{}); }
  };
  struct Top : nestcpp::module {
    Top() { imports(Shared{}, Near{}); }
  };
  nestcpp::container container{Top{}};
  run_task(container.run_init());
  EXPECT_THAT(events, ElementsAre(testing::EndsWith("Shared init"), testing::EndsWith("Near init")));
}

struct Awaiting {
  nestcpp::task<> on_module_init() {
    note("Awaiting", "begins");
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    note("Awaiting", "ends");
  }
  nestcpp::task<> on_application_shutdown(std::string_view signal) {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    note("Awaiting", signal);
  }
};
struct After {
  explicit After(Awaiting&) {}
  void on_module_init() { note("After", "init"); }
  void on_application_shutdown() { note("After", "without signal"); }  // the parameter may be left out
};

TEST_F(Lifecycle, WaitsForHooksThatAreTasks) {
  nestcpp::module root;
  root.provide<After>();
  root.provide<Awaiting>();
  nestcpp::container container{std::move(root)};
  run_task(container.run_init());
  run_task(container.run_shutdown("SIGINT"));
  EXPECT_THAT(events,
              ElementsAre("Awaiting begins", "Awaiting ends", "After init", "After without signal", "Awaiting SIGINT"));
}

struct Interface {
  virtual ~Interface() = default;
};
struct Implementation : Interface, Hooked<Implementation> {};

TEST_F(Lifecycle, FindsHooksOfTheClassBehindAnInterface) {
  nestcpp::module root;
  root.provide<Interface, Implementation>();
  nestcpp::container container{std::move(root)};
  run_task(container.run_init());
  EXPECT_THAT(events, ElementsAre("Implementation init"));
}

TEST_F(Lifecycle, CallsHooksOfWhatFactoriesMakeAndOfOwnedValues) {
  struct Value : Hooked<Value> {};
  nestcpp::module root;
  root.provide_factory<Interface>([] { return std::make_unique<Implementation>(); });
  root.provide_value(Value{});
  nestcpp::container container{std::move(root)};
  run_task(container.run_init());
  EXPECT_THAT(events, ElementsAre("Implementation init", testing::EndsWith("Value init")));
}

TEST_F(Lifecycle, LeavesAloneWhatTheContainerDoesNotOwn) {
  Implementation mine;
  nestcpp::module root;
  root.provide_factory<Interface>([&mine]() -> Interface& { return mine; });
  nestcpp::container container{std::move(root)};
  container.add_value<Implementation>(mine);
  run_task(container.run_init());
  EXPECT_THAT(events, ElementsAre());
}

TEST_F(Lifecycle, CallsAHookOnceForAnObjectWithTwoNames) {
  auto object = std::make_shared<Implementation>();
  nestcpp::module root;
  root.provide_value<Interface>(object);
  root.provide_value<Implementation>(object);
  nestcpp::container container{std::move(root)};
  run_task(container.run_init());
  EXPECT_THAT(events, ElementsAre("Implementation init"));
}

TEST_F(Lifecycle, CallsHooksOfGuardsThatWereBuiltForAController) {
  nestcpp::container container{Root{}};
  container.build_all();
  (void)container.resolve_or_create<Implementation>(container.root());
  run_task(container.run_init());
  ASSERT_EQ(events.size(), start_order.size() + 1);
  EXPECT_EQ(events[events.size() - 2], "Implementation init");
}

struct Failing {
  void on_module_init() { throw std::runtime_error{"database is away"}; }
  void on_module_destroy() { throw std::runtime_error{"cannot stop"}; }
  nestcpp::task<> before_application_shutdown(std::string_view) {
    throw 5;
    co_return;
  }
};
struct DependsOnFailing : Hooked<DependsOnFailing> {
  explicit DependsOnFailing(Failing&) {}
};
struct FailingModule : nestcpp::module, Hooked<FailingModule> {
  FailingModule() {
    provide<DependsOnFailing>();
    provide<Failing>();
  }
};

TEST_F(Lifecycle, AThrowingInitRefusesTheStart) {
  nestcpp::container container{FailingModule{}};
  try {
    run_task(container.run_init());
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "database is away");
  }
  EXPECT_THAT(events, ElementsAre());
}

TEST_F(Lifecycle, AThrowingShutdownHookIsLoggedAndTheOthersRun) {
  nestcpp::container container{FailingModule{}};
  container.build_all();
  const nestcpp::detail::log_capture log;
  run_task(container.run_module_destroy());
  EXPECT_THAT(events, ElementsAre("DependsOnFailing destroy", "FailingModule destroy"));
  EXPECT_TRUE(log.contains("Error happened during shutdown in Failing.on_module_destroy(): cannot stop"));

  run_task(container.run_before_shutdown("SIGTERM"));
  EXPECT_EQ(events.back(), "FailingModule SIGTERM");
  EXPECT_TRUE(log.contains("Failing.before_application_shutdown(): an exception that is no std::exception"));
}

TEST_F(Lifecycle, AShutdownBeforeAnythingWasBuiltCallsNothing) {
  nestcpp::container container{Root{}};
  run_task(container.run_module_destroy());
  run_task(container.run_shutdown("SIGTERM"));
  EXPECT_THAT(events, ElementsAre());
}

TEST_F(Lifecycle, AFailedStartCallsShutdownHooksOfWhatWasBuiltOnly) {
  struct Broken {
    Broken() { throw std::runtime_error{"broken"}; }
    void on_module_destroy() { ADD_FAILURE() << "was never built"; }
  };
  nestcpp::module root;
  root.provide<P1>();
  root.provide<Broken>();
  nestcpp::container container{std::move(root)};
  EXPECT_THROW(container.build_all(), std::runtime_error);
  run_task(container.run_module_destroy());
  EXPECT_THAT(events, ElementsAre("P1 destroy"));
}

}  // namespace
