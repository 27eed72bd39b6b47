#include <nestcpp/module/container.hpp>

#include "unit/module/expect_startup_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using testing::ElementsAre;

std::vector<std::string> events;

/// Records its construction and destruction.
template <int Id>
struct Recorded {
  Recorded() { events.push_back("+" + std::to_string(Id)); }
  ~Recorded() { events.push_back("-" + std::to_string(Id)); }
  Recorded(const Recorded&) = delete;
};
using Leaf = Recorded<1>;
struct Branch : Recorded<2> {
  explicit Branch(Leaf&) {}
};
struct Trunk : Recorded<3> {
  Trunk(Branch&, Leaf&) {}
};

struct Clock {
  virtual ~Clock() = default;
  virtual int now() const = 0;
};
struct FixedClock : Clock {
  explicit FixedClock(int at) : at_{at} {}
  int now() const override { return at_; }
  int at_;
};
struct Settings {
  int start = 0;
};

class Container : public testing::Test {
 protected:
  Container() { events.clear(); }
  nestcpp::module root_;
};

TEST_F(Container, BuildsDependenciesFirstAndDestroysInReverse) {
  root_.provide<Trunk>();
  root_.provide<Branch>();
  root_.provide<Leaf>();
  {
    nestcpp::container container{std::move(root_)};
    EXPECT_TRUE(events.empty());
    container.build_all();
    container.build_all();
    EXPECT_THAT(events, ElementsAre("+1", "+2", "+3"));
  }
  EXPECT_THAT(events, ElementsAre("+1", "+2", "+3", "-3", "-2", "-1"));
}

TEST_F(Container, BuildsOnlyWhatIsAskedFor) {
  root_.provide<Trunk>();
  root_.provide<Branch>();
  root_.provide<Leaf>();
  nestcpp::container container{std::move(root_)};
  auto& branch = container.resolve<Branch>();
  EXPECT_THAT(events, ElementsAre("+1", "+2"));
  EXPECT_EQ(&branch, &container.resolve<Branch>());
}

TEST_F(Container, FactoriesGetProvidersByReferenceOptionallyAndTheContainer) {
  root_.provide_value(Settings{40});
  root_.provide_factory<Clock>([](const Settings& settings, Leaf* leaf, nestcpp::container& container) {
    EXPECT_EQ(leaf, nullptr);
    EXPECT_EQ(&container.resolve<Settings>(), &settings);
    EXPECT_EQ(container.try_resolve<Leaf>(), nullptr);
    return std::make_unique<FixedClock>(settings.start + 2);
  });
  nestcpp::container container{std::move(root_)};
  EXPECT_EQ(container.resolve<Clock>().now(), 42);
}

TEST_F(Container, FactoriesMayReturnValuesSharedPointersAndReferences) {
  auto shared = std::make_shared<FixedClock>(1);
  root_.provide_factory<Clock>([shared] { return shared; });
  root_.provide_factory<Settings>([] { return Settings{2}; });
  root_.provide_factory<FixedClock>([](Clock& clock) -> FixedClock& { return dynamic_cast<FixedClock&>(clock); });
  {
    nestcpp::container container{std::move(root_)};
    EXPECT_EQ(&container.resolve<Clock>(), shared.get());
    EXPECT_EQ(&container.resolve<FixedClock>(), shared.get());
    EXPECT_EQ(container.resolve<Settings>().start, 2);
    container.build_all();
  }
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(Container, FactoriesMayHoldWhatCanOnlyBeMoved) {
  root_.provide_factory<Clock>([clock = std::make_unique<FixedClock>(5)]() mutable { return std::move(clock); });
  nestcpp::container container{std::move(root_)};
  EXPECT_EQ(container.resolve<Clock>().now(), 5);
}

TEST_F(Container, ValuesAreCopiedMovedOrOwnedThroughAPointer) {
  const Settings settings{3};
  root_.provide_value(settings);
  root_.provide_value<Clock>(std::make_unique<FixedClock>(4));
  root_.provide_value<std::string>("text");
  nestcpp::container container{std::move(root_)};
  EXPECT_EQ(container.resolve<Settings>().start, 3);
  EXPECT_NE(&container.resolve<Settings>(), &settings);
  EXPECT_EQ(container.resolve<Clock>().now(), 4);
  EXPECT_EQ(container.resolve<const std::string>(), "text");
}

TEST_F(Container, FrameworkValuesAreSeenEverywhereAndNotOwned) {
  struct Inner : nestcpp::module {
    Inner() {
      provide_factory<int>([](Settings& settings) { return settings.start; });
      exports<int>();
    }
  };
  root_.imports(Inner{});
  Settings settings{9};
  FixedClock clock{1};
  nestcpp::container container{std::move(root_)};
  container.add_value(settings);
  container.add_value<Clock>(clock);
  EXPECT_EQ(container.resolve<int>(), 9);
  EXPECT_EQ(&container.resolve<Clock>(), &clock);
}

TEST_F(Container, AModulesOwnProviderGoesBeforeAFrameworkValue) {
  root_.provide_value(Settings{1});
  Settings settings{2};
  nestcpp::container container{std::move(root_)};
  container.add_value(settings);
  EXPECT_EQ(container.resolve<Settings>().start, 1);
}

TEST_F(Container, WhatAConstructorThrowsPassesThroughAndCanBeTriedAgain) {
  int calls = 0;
  root_.provide<Leaf>();
  root_.provide_factory<Clock>([&calls](Leaf&) {
    if (++calls == 1) throw std::runtime_error{"no clock today"};
    return std::make_unique<FixedClock>(calls);
  });
  nestcpp::container container{std::move(root_)};
  try {
    container.build_all();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no clock today");
  }
  EXPECT_THAT(events, ElementsAre("+1"));
  EXPECT_EQ(container.resolve<Clock>().now(), 2);
}

// Errors.

struct UsersRepository {
  explicit UsersRepository(Settings&) {}
};
struct UsersService {
  explicit UsersService(UsersRepository&) {}
};
struct UsersFacade {
  explicit UsersFacade(UsersService&) {}
};
struct UserModule : nestcpp::module {
  UserModule() {
    provide<UsersFacade>();
    provide<UsersService>();
  }
};

TEST_F(Container, AMissingProviderIsNamedWithItsPathAndTheWayOut) {
  nestcpp::container container{UserModule{}};
  EXPECT_EQ(
      startup_error_of([&] { container.build_all(); }),
      "nestcpp can't resolve dependencies of UsersService: UsersRepository (path: UsersFacade -> UsersService -> "
      "UsersRepository) is not provided in UserModule. Provide it there with provide<UsersRepository>(), or import a "
      "module that exports it.");
}

TEST_F(Container, AMissingProviderAskedForDirectlyIsNamed) {
  nestcpp::container container{UserModule{}};
  EXPECT_EQ(startup_error_of([&] { (void)container.resolve<Clock>(); }),
            "nestcpp can't resolve Clock: no module provides it. Provide it with provide<Clock>() in a module.");
  EXPECT_EQ(container.try_resolve<Clock>(), nullptr);
}

struct Egg;
struct Hen {
  explicit Hen(Egg&) {}
};
struct Egg {
  explicit Egg(Hen&) {}
};
struct Farm {
  explicit Farm(Hen&) {}
};
struct FarmModule : nestcpp::module {
  FarmModule() {
    provide<Farm>();
    provide<Hen>();
    provide<Egg>();
  }
};

TEST_F(Container, ACycleIsToldWithItsPath) {
  nestcpp::container container{FarmModule{}};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              testing::StartsWith(
                  "nestcpp can't build Hen: its dependencies form a cycle: Hen -> Egg -> Hen (in FarmModule)."));
}

TEST_F(Container, ACycleThroughAFactoryIsToldToo) {
  root_.key("TheModule");
  root_.provide_factory<Clock>(
      [](nestcpp::container& container) { return std::make_unique<FixedClock>(container.resolve<Settings>().start); });
  root_.provide_factory<Settings>([](Clock& clock) { return Settings{clock.now()}; });
  nestcpp::container container{std::move(root_)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              testing::HasSubstr("Clock -> Settings -> Clock (in TheModule)"));
}

TEST_F(Container, AProviderListedTwiceIsRefused) {
  root_.key("TwiceModule");
  root_.provide_value(Settings{1});
  root_.provide_value(Settings{2});
  nestcpp::container container{std::move(root_)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              testing::StartsWith("nestcpp: Settings is provided twice in TwiceModule."));
}

TEST_F(Container, ANullFactoryIsRefused) {
  root_.key("NullModule");
  root_.provide_factory<Clock>([] { return std::unique_ptr<Clock>{}; });
  nestcpp::container container{std::move(root_)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              testing::StartsWith("nestcpp: the factory of Clock in NullModule returned a null pointer."));
}

TEST_F(Container, AFrameworkValueIsAddedOnceAndInTime) {
  nestcpp::container container{std::move(root_)};
  Settings settings;
  container.add_value(settings);
  EXPECT_THAT(startup_error_of([&] { container.add_value(settings); }), testing::HasSubstr("twice for Settings"));
  container.build_all();
  FixedClock clock{1};
  EXPECT_THAT(startup_error_of([&] { container.add_value<Clock>(clock); }), testing::HasSubstr("too late"));
}

}  // namespace
