#include "unit/module/expect_startup_error.hpp"
#include "unit/module/run_task.hpp"

#include <nestcpp/module/container.hpp>
#include <nestcpp/module/module_ref.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using testing::ElementsAre;

thread_local std::vector<std::string> events;

/// What a call's classes are told about it; stands in for execution_context.
struct Call {
  int number = 0;
};
struct HttpCall {};

template <class Self>
struct Recorded {
  Recorded() { events.push_back(std::string{"+"}.append(nestcpp::short_type_name<Self>())); }
  ~Recorded() { events.push_back(std::string{"-"}.append(nestcpp::short_type_name<Self>())); }
  Recorded(const Recorded&) = delete;
};

struct Log : Recorded<Log> {};
struct Cart : Recorded<Cart> {
  explicit Cart(Log& log) : log_{log} {}
  Log& log_;
};
struct Prices : Recorded<Prices> {
  Prices(Cart& cart, Log&) : cart_{cart} {}
  Cart& cart_;
};
struct Shop : Recorded<Shop> {
  Shop(Cart& cart, Prices& prices) : cart_{cart}, prices_{prices} {}
  Cart& cart_;
  Prices& prices_;
};

}  // namespace

namespace nestcpp {
template <>
void nest_register_controller<Shop>(Shop&, controller_registrar&) {}
template <>
void nest_register_scoped_controller<Shop>(tag<Shop>, const instance_source&, controller_registrar&) {}
}  // namespace nestcpp

namespace {

struct ShopModule : nestcpp::module {
  ShopModule() {
    provide<Log>();
    provide<Cart>(scope::request);
    provide<Prices>();
    controllers<Shop>();
  }
};

class RequestScope : public testing::Test {
 protected:
  RequestScope() { events.clear(); }
  static Shop& shop_of(nestcpp::container& from, nestcpp::call_instances& call) {
    return *static_cast<Shop*>(call.controller(from.controllers().front()));
  }
};

TEST_F(RequestScope, BubblesUpToWhatDependsOnIt) {
  nestcpp::container container{ShopModule{}};
  container.build_all();
  EXPECT_THAT(events, ElementsAre("+Log"));
  EXPECT_EQ(container.controllers().front().instance, nullptr);
}

TEST_F(RequestScope, IsSharedWithinACallAndEndsWithItInReverseOrder) {
  nestcpp::container container{ShopModule{}};
  container.build_all();
  events.clear();
  {
    nestcpp::call_instances call{container, nullptr};
    EXPECT_TRUE(events.empty()) << "nothing is built before it is asked for";
    Shop& shop = shop_of(container, call);
    EXPECT_EQ(&shop, &shop_of(container, call));
    EXPECT_EQ(&shop.cart_, &shop.prices_.cart_);
    EXPECT_EQ(&shop.cart_.log_, &container.resolve<Log>());
    EXPECT_THAT(events, ElementsAre("+Cart", "+Prices", "+Shop"));
    nestcpp::call_instances other{container, nullptr};
    EXPECT_NE(&shop_of(container, other).cart_, &shop.cart_);
    events.clear();
  }
  EXPECT_THAT(events, ElementsAre("-Shop", "-Prices", "-Cart", "-Shop", "-Prices", "-Cart"));
}

TEST_F(RequestScope, AnApplicationOfSingletonsBuildsItsControllersOnce) {
  struct Plain : nestcpp::module {
    Plain() {
      provide<Log>();
      provide<Cart>();
      provide<Prices>();
      controllers<Shop>();
    }
  };
  nestcpp::container container{Plain{}};
  EXPECT_NE(container.controllers().front().instance, nullptr);
}

struct Visitor {
  explicit Visitor(const Call& call) : number{call.number} {}
  int number;
};
struct Greeting {
  NEST_INJECT(Visitor, HttpCall*);
  Greeting(Visitor& visitor, HttpCall* http) : number{visitor.number}, has_http{http != nullptr} {}
  int number;
  bool has_http;
};
struct StrictGreeting {
  explicit StrictGreeting(HttpCall&) {}
};

void give_calls(nestcpp::container& to) {
  to.add_call_value<Call>([](void* context) { return static_cast<Call*>(context); });
  to.add_call_value<HttpCall>([](void*) -> HttpCall* { return nullptr; });
}

TEST_F(RequestScope, WhoAsksForTheCallBelongsToIt) {
  nestcpp::module root;
  root.provide<Visitor>();
  root.provide<Greeting>();
  nestcpp::container container{std::move(root)};
  give_calls(container);
  nestcpp::call_instances* current = nullptr;
  container.set_current_call([&] { return current; });
  container.build_all();
  const nestcpp::module_ref ref{container, container.root()};
  for (int number : {1, 2}) {
    Call context{number};
    nestcpp::call_instances call{container, &context};
    current = &call;
    const auto greeting = ref.resolve<Greeting>();
    EXPECT_EQ(greeting->number, number);
    EXPECT_FALSE(greeting->has_http);
    EXPECT_EQ(ref.resolve<Greeting>(), greeting);
    EXPECT_EQ(ref.resolve<Call>().get(), &context);
  }
}

TEST_F(RequestScope, AContextOfTheOtherKindIsAnErrorOfTheCall) {
  nestcpp::module root;
  root.provide<StrictGreeting>();
  nestcpp::container container{std::move(root)};
  give_calls(container);
  nestcpp::call_instances* current = nullptr;
  container.set_current_call([&] { return current; });
  container.build_all();
  Call context;
  nestcpp::call_instances call{container, &context};
  current = &call;
  try {
    (void)nestcpp::module_ref(container, container.root()).resolve<StrictGreeting>();
    FAIL();
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(),
                 "StrictGreeting asks for HttpCall, which this call does not have: it is of the other kind. Ask for "
                 "HttpCall*, null there, or for execution_context.");
  }
}

TEST_F(RequestScope, FactoriesAndInterfacesHaveScopesToo) {
  struct Numbers {
    int value;
  };
  nestcpp::module root;
  root.provide_factory<Numbers>([count = std::make_shared<std::atomic<int>>()] { return Numbers{++*count}; },
                                nestcpp::scope::request);
  root.provide_factory<std::string>([](const Numbers& numbers) { return std::to_string(numbers.value); });
  nestcpp::container container{std::move(root)};
  nestcpp::call_instances* current = nullptr;
  container.set_current_call([&] { return current; });
  container.build_all();
  const nestcpp::module_ref ref{container, container.root()};
  for (const char* expected : {"1", "2"}) {
    nestcpp::call_instances call{container, nullptr};
    current = &call;
    EXPECT_EQ(*ref.resolve<std::string>(), expected);
    EXPECT_EQ(*ref.resolve<std::string>(), expected);
  }
}

TEST_F(RequestScope, WhatAConstructorThrowsLeavesTheCallUsable) {
  struct Moody {
    explicit Moody(Call& call) {
      if (call.number++ == 0) throw std::runtime_error{"not now"};
    }
  };
  nestcpp::module root;
  root.provide<Moody>();
  nestcpp::container container{std::move(root)};
  give_calls(container);
  nestcpp::call_instances* current = nullptr;
  container.set_current_call([&] { return current; });
  container.build_all();
  Call context;
  nestcpp::call_instances call{container, &context};
  current = &call;
  const nestcpp::module_ref ref{container, container.root()};
  EXPECT_THROW((void)ref.resolve<Moody>(), std::runtime_error);
  EXPECT_NO_THROW((void)ref.resolve<Moody>());
}

struct Hooked {
  void on_module_init() { events.push_back("init"); }
};

TEST_F(RequestScope, GetsNoHooks) {
  nestcpp::module root;
  root.provide<Hooked>(nestcpp::scope::request);
  nestcpp::container container{std::move(root)};
  run_task(container.run_init());
  EXPECT_TRUE(events.empty());
}

TEST_F(RequestScope, MissingDependenciesAreFoundAtTheStart) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide<Cart>(nestcpp::scope::request);
  root.provide<Prices>();
  root.controllers<Shop>();
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp can't resolve dependencies of Cart: Log is not provided in AppModule. Provide it there with "
            "provide<Log>(), or import a module that exports it.");
}

struct Egg;
struct Hen {
  explicit Hen(Egg&) {}
};
struct Egg {
  explicit Egg(Hen&) {}
};

TEST_F(RequestScope, CyclesAreFoundAtTheStart) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide<Hen>();
  root.provide<Egg>(nestcpp::scope::request);
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp can't build Hen: its dependencies form a cycle: Hen -> Egg -> Hen (in AppModule). Break it: move "
            "what they share into a provider of its own, or hand one of them the other in on_module_init().");
}

TEST_F(RequestScope, OutsideOfCallsThereIsNone) {
  nestcpp::container container{ShopModule{}};
  container.build_all();
  constexpr const char* message =
      "nestcpp can't give Prices here: each call has its own (path: Prices -> Cart), and no call is being served. Take "
      "it in a constructor, or ask nest::module_ref for it with resolve<Prices>() while a call is served.";
  EXPECT_EQ(startup_error_of([&] { (void)container.resolve<Prices>(); }), message);
  EXPECT_EQ(startup_error_of([&] { (void)nestcpp::module_ref(container, container.root()).resolve<Prices>(); }),
            message);
}

struct CartGuard {
  explicit CartGuard(Prices&) {}
};
struct CallGuard {
  explicit CallGuard(const Call&) {}
};

TEST_F(RequestScope, GuardsCannotDependOnIt) {
  nestcpp::container container{ShopModule{}};
  give_calls(container);
  container.build_all();
  EXPECT_EQ(
      startup_error_of([&] { (void)container.resolve_or_create<CartGuard>(container.root(), "UsersController.find"); }),
      "nestcpp can't build CartGuard (used by UsersController.find): it depends on what each call has of its own: "
      "CartGuard -> Prices -> Cart. Guards, interceptors, pipes and filters are built once. Let it take "
      "nest::module_ref& and call resolve<Cart>() while it serves a call.");
  EXPECT_THAT(startup_error_of([&] { (void)container.resolve_or_create<CallGuard>(container.root()); }),
              testing::HasSubstr("CallGuard -> Call."));
}

TEST_F(RequestScope, CallsOnSeveralThreadsHaveTheirOwn) {
  nestcpp::container container{ShopModule{}};
  container.build_all();
  const auto record = container.controllers().front();
  std::atomic<int> wrong{0};
  const auto serve = [&] {
    for (int i = 0; i < 2000; ++i) {
      nestcpp::call_instances call{container, nullptr};
      auto* shop = static_cast<Shop*>(call.controller(record));
      if (&shop->cart_ != &shop->prices_.cart_) ++wrong;
    }
    events.clear();
  };
  std::thread other{serve};
  serve();
  other.join();
  EXPECT_EQ(wrong, 0);
}

// Transient.

struct Counter {
  int count = 0;
  void on_module_init() { events.push_back("init"); }
};
struct First {
  explicit First(Counter& counter) : counter_{counter} {}
  Counter& counter_;
};
struct Second {
  Second(Counter& counter, First& first) : counter_{counter}, first_{first} {}
  Counter& counter_;
  First& first_;
};

class TransientScope : public testing::Test {
 protected:
  TransientScope() { events.clear(); }
};

TEST_F(TransientScope, EachDependentHasItsOwn) {
  nestcpp::module root;
  root.provide<Counter>(nestcpp::scope::transient);
  root.provide<First>();
  root.provide<Second>();
  nestcpp::container container{std::move(root)};
  run_task(container.run_init());
  auto& second = container.resolve<Second>();
  EXPECT_NE(&second.counter_, &second.first_.counter_);
  EXPECT_EQ(&second.first_, &container.resolve<First>());
  EXPECT_THAT(events, ElementsAre("init", "init"));
}

TEST_F(TransientScope, IsBuiltOnRequestOnlyThroughAModuleRef) {
  nestcpp::module root;
  root.provide<Counter>(nestcpp::scope::transient);
  nestcpp::container container{std::move(root)};
  container.build_all();
  const nestcpp::module_ref ref{container, container.root()};
  const auto one = ref.resolve<Counter>();
  EXPECT_NE(ref.resolve<Counter>(), one);
  EXPECT_EQ(startup_error_of([&] { (void)ref.get<Counter>(); }),
            "nestcpp can't give Counter here: it is transient, whoever asks for it gets its own. Take it in a "
            "constructor, or ask nest::module_ref for it with resolve<Counter>().");
}

TEST_F(TransientScope, LivesAsLongAsWhatItBelongsTo) {
  struct Part : Recorded<Part> {};
  struct Whole : Recorded<Whole> {
    explicit Whole(Part&) {}
  };
  nestcpp::module root;
  root.provide<Part>(nestcpp::scope::transient);
  nestcpp::container container{std::move(root)};
  container.build_all();
  {
    const auto whole = nestcpp::module_ref{container, container.root()}.create<Whole>();
    EXPECT_EQ(events.size(), 2U);
  }
  ASSERT_EQ(events.size(), 4U);
  EXPECT_THAT(events[2], testing::HasSubstr("Whole"));
  EXPECT_THAT(events[3], testing::HasSubstr("Part"));
}

// So that a call which asks many times does not grow.
TEST_F(TransientScope, OnRequestItGoesWithItsLastReferenceInACallToo) {
  struct Part : Recorded<Part> {};
  struct Whole : Recorded<Whole> {
    explicit Whole(Part&) {}
  };
  struct OfCall : Recorded<OfCall> {
    explicit OfCall(Part&) {}
  };
  struct Mixed : Recorded<Mixed> {
    Mixed(OfCall&, Part&) {}
  };
  nestcpp::module root;
  root.provide<Part>(nestcpp::scope::transient);
  root.provide<Whole>(nestcpp::scope::transient);
  root.provide<OfCall>(nestcpp::scope::request);
  root.provide<Mixed>(nestcpp::scope::transient);
  nestcpp::container container{std::move(root)};
  nestcpp::call_instances* current = nullptr;
  container.set_current_call([&] { return current; });
  container.build_all();
  const nestcpp::module_ref ref{container, container.root()};
  {
    Call context;
    nestcpp::call_instances call{container, &context};
    current = &call;
    events.clear();
    for (int i = 0; i < 3; ++i) EXPECT_NE(ref.resolve<Whole>(), nullptr);
    EXPECT_EQ(events.size(), 12U);  // a whole and a part each time, built and gone
    events.clear();
    EXPECT_NE(ref.create<Whole>(), nullptr);
    EXPECT_EQ(events.size(), 4U);
    events.clear();
    EXPECT_NE(ref.resolve<Mixed>(), nullptr);
    EXPECT_EQ(events.size(), 6U);  // Mixed and its part are gone, the call's and its part are not
    events.clear();
  }
  EXPECT_EQ(events.size(), 2U);
}

struct Tail;
struct Head {
  explicit Head(Tail&) {}
};
struct Tail {
  explicit Tail(Head&) {}
};

TEST_F(TransientScope, CyclesAreAnErrorAndNoEndlessLoop) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide<Head>(nestcpp::scope::transient);
  root.provide<Tail>(nestcpp::scope::transient);
  nestcpp::container container{std::move(root)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }), testing::HasSubstr("Head -> Tail -> Head"));
}

struct Selfish {
  explicit Selfish(nestcpp::module_ref& modules) { static_cast<void>(modules.resolve<Selfish>()); }
};

TEST_F(TransientScope, WhoResolvesItselfIsACycleToo) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide<Selfish>(nestcpp::scope::transient);
  nestcpp::container container{std::move(root)};
  container.build_all();
  const nestcpp::module_ref ref{container, container.root()};
  EXPECT_THAT(startup_error_of([&] { (void)ref.resolve<Selfish>(); }), testing::HasSubstr("Selfish -> Selfish"));
}

TEST_F(TransientScope, OfSomethingRequestScopedEndsWithTheCall) {
  nestcpp::module root;
  root.provide<Log>();
  root.provide<Cart>(nestcpp::scope::request);
  root.provide<Prices>(nestcpp::scope::transient);
  root.controllers<Shop>();
  nestcpp::container container{std::move(root)};
  container.build_all();
  events.clear();
  {
    nestcpp::call_instances call{container, nullptr};
    auto* shop = static_cast<Shop*>(call.controller(container.controllers().front()));
    EXPECT_EQ(&shop->cart_, &shop->prices_.cart_);
  }
  EXPECT_THAT(events, ElementsAre("+Cart", "+Prices", "+Shop", "-Shop", "-Prices", "-Cart"));
}

TEST_F(TransientScope, IsNothingForAController) {
  nestcpp::module root;
  root.key("AppModule");
  root.controllers<Shop>(nestcpp::scope::transient);
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp: Shop cannot be transient: nothing asks for a controller. Write controllers<Shop>(scope::request) "
            "in AppModule for one per call.");
}

TEST_F(RequestScope, AnOverrideKeepsTheScopeUnlessItIsAnObject) {
  struct BigCart : Cart {
    explicit BigCart(Log& log) : Cart{log} {}
  };
  nestcpp::container by_class{ShopModule{}};
  by_class.override_provider<Cart, BigCart>();
  EXPECT_EQ(by_class.controllers().front().instance, nullptr);

  Log log;
  Cart cart{log};
  nestcpp::container by_object{ShopModule{}};
  by_object.override_provider<Cart>(cart);
  ASSERT_NE(by_object.controllers().front().instance, nullptr);
  EXPECT_EQ(&static_cast<Shop*>(by_object.controllers().front().instance)->cart_, &cart);
}

}  // namespace
