#include "unit/module/expect_startup_error.hpp"
#include "unit/module/run_task.hpp"

#include <nestcpp/module/container.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace {

struct Hasher {
  virtual ~Hasher() = default;
  virtual int cost() const = 0;
};
struct SlowHasher : Hasher {
  SlowHasher() { ADD_FAILURE() << "the replaced class was built"; }
  int cost() const override { return 1000; }
};
struct Settings {
  int cost = 3;
};
struct FakeHasher : Hasher {
  explicit FakeHasher(int cost) : cost_{cost} {}
  int cost() const override { return cost_; }
  int cost_;
};
struct SettingsHasher : Hasher {
  explicit SettingsHasher(Settings& settings) : settings_{settings} {}
  int cost() const override { return settings_.cost; }
  Settings& settings_;
};
struct Users {
  explicit Users(const Hasher& hasher) : hasher_{hasher} {}
  const Hasher& hasher_;
};
struct HashModule : nestcpp::module {
  HashModule() {
    provide<Hasher, SlowHasher>();
    provide_value(Settings{});
    exports<Hasher>();
  }
};
struct AppModule : nestcpp::module {
  AppModule() {
    imports(HashModule{});
    provide<Users>();
  }
};

class Overrides : public testing::Test {
 protected:
  int cost() {
    container_.build_all();
    return container_.resolve<Users>().hasher_.cost();
  }
  nestcpp::container container_{AppModule{}};
};

TEST_F(Overrides, ByAnObjectOfTheTests) {
  FakeHasher fake{7};
  container_.override_provider<Hasher>(fake);
  EXPECT_EQ(cost(), 7);
  fake.cost_ = 8;
  EXPECT_EQ(cost(), 8);
}

TEST_F(Overrides, ByAnOwnedObject) {
  container_.override_provider<Hasher>(std::make_unique<FakeHasher>(9));
  EXPECT_EQ(cost(), 9);
}

TEST_F(Overrides, ByAValue) {
  container_.override_provider<Hasher>(FakeHasher{10});
  EXPECT_EQ(cost(), 10);
}

TEST_F(Overrides, ByAFactoryThatIsInjectedWhereTheProviderStood) {
  container_.override_provider<Hasher>(
      [](Settings& settings) { return std::make_unique<FakeHasher>(settings.cost + 1); });
  EXPECT_EQ(cost(), 4);
}

TEST_F(Overrides, ByAClassThatIsInjectedWhereTheProviderStood) {
  container_.override_provider<Hasher, SettingsHasher>();
  EXPECT_EQ(cost(), 3);
}

TEST_F(Overrides, TheLastOneCounts) {
  container_.override_provider<Hasher, SettingsHasher>();
  container_.override_provider<Hasher>(FakeHasher{11});
  EXPECT_EQ(cost(), 11);
}

TEST_F(Overrides, OfWhatNobodyProvidesRefuseTheStart) {
  container_.override_provider<Hasher>(FakeHasher{1});
  container_.override_provider<int>(5);
  container_.build_all();
  EXPECT_EQ(startup_error_of([&] { run_task(container_.run_init()); }),
            "nestcpp: override_provider<int>() replaces nothing: no module provides int.");
}

TEST_F(Overrides, ComeBeforeBuilding) {
  container_.override_provider<Hasher>(FakeHasher{1});
  container_.build_all();
  EXPECT_THAT(startup_error_of([&] { container_.override_provider<Hasher>(FakeHasher{2}); }),
              testing::HasSubstr("too late"));
}

struct Guard {
  virtual ~Guard() = default;
  virtual bool open() const { return false; }
};
struct OpenGuard : Guard {
  bool open() const override { return true; }
};

TEST_F(Overrides, ReplaceAGuardThatNobodyProvides) {
  container_.override_provider<Hasher>(FakeHasher{1});
  container_.override_provider<Guard, OpenGuard>();
  container_.build_all();
  EXPECT_TRUE(container_.resolve_or_create<Guard>(container_.root()).open());
  EXPECT_NO_THROW(run_task(container_.run_init()));
}

}  // namespace
