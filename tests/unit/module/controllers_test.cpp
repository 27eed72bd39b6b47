#include "unit/module/expect_startup_error.hpp"

#include <nestcpp/module/container.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Users {};
struct UsersController {
  explicit UsersController(Users& users) : users_{&users} {}
  Users* users_;
};
struct HealthController {};

std::vector<const void*> registered;

}  // namespace

// Stand in for what the pipeline does with a controller's decorators.
namespace nestcpp {
template <>
void nest_register_controller<UsersController>(UsersController& controller, controller_registrar&) {
  registered.push_back(controller.users_);
}
template <>
void nest_register_controller<HealthController>(HealthController& controller, controller_registrar&) {
  registered.push_back(&controller);
}
// Nothing here is request-scoped.
template <>
void nest_register_scoped_controller<UsersController>(tag<UsersController>, const instance_source&,
                                                      controller_registrar&) {}
template <>
void nest_register_scoped_controller<HealthController>(tag<HealthController>, const instance_source&,
                                                       controller_registrar&) {}
}  // namespace nestcpp

namespace {

struct UsersModule : nestcpp::module {
  UsersModule() {
    provide<Users>();
    controllers<UsersController>();
  }
};
struct AppModule : nestcpp::module {
  AppModule() {
    imports(UsersModule{});
    controllers<HealthController>();
  }
};

TEST(Controllers, AreListedWithTheirModulesRootFirst) {
  nestcpp::container container{AppModule{}};
  const auto records = container.controllers();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].name, "HealthController");
  EXPECT_EQ(records[0].module_name, "AppModule");
  EXPECT_EQ(records[0].home, container.root());
  EXPECT_EQ(records[1].name, "UsersController");
  EXPECT_EQ(records[1].module_name, "UsersModule");
  EXPECT_EQ(static_cast<UsersController*>(records[1].instance)->users_, &container.resolve<Users>());
}

TEST(Controllers, RegisterTheirHandlersThroughTheirRecord) {
  registered.clear();
  nestcpp::container container{AppModule{}};
  alignas(std::max_align_t) std::byte nothing[1];
  auto& registrar = reinterpret_cast<nestcpp::controller_registrar&>(nothing);
  for (const auto& record : container.controllers()) record.register_handlers(registrar);
  EXPECT_THAT(registered, testing::ElementsAre(&container.resolve<HealthController>(), &container.resolve<Users>()));
}

TEST(Controllers, CannotBeInjected) {
  struct Nosy {
    explicit Nosy(HealthController&) {}
  };
  nestcpp::module root;
  root.controllers<HealthController>();
  root.provide<Nosy>();
  nestcpp::container container{std::move(root)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }), testing::HasSubstr("HealthController is not provided"));
}

TEST(Controllers, MissingDependenciesNameTheController) {
  nestcpp::module root;
  root.key("AppModule");
  root.controllers<UsersController>();
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp can't resolve dependencies of UsersController: Users is not provided in AppModule. Provide it "
            "there with "
            "provide<Users>(), or import a module that exports it.");
}

TEST(Controllers, AControllerThatIsAlsoProvidedIsRefused) {
  nestcpp::module root;
  root.provide<HealthController>();
  root.controllers<HealthController>();
  nestcpp::container container{std::move(root)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              testing::HasSubstr("HealthController is provided twice"));
}

// Guards and the like, by type.

struct Guard {
  explicit Guard(Users& users) : users_{&users} {}
  Users* users_;
};
struct Configured {
  explicit Configured(int limit) : limit_{limit} {}
  int limit_;
};

TEST(ResolveOrCreate, TakesAProviderThatTheModuleSees) {
  nestcpp::module root;
  root.provide<Users>();
  root.provide<Guard>();
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(&container.resolve_or_create<Guard>(container.root()), &container.resolve<Guard>());
}

TEST(ResolveOrCreate, BuildsOnePerModuleByInjection) {
  nestcpp::module imported;
  imported.provide<Users>();
  nestcpp::module root;
  root.provide<Users>();
  root.imports(std::move(imported));
  nestcpp::container container{std::move(root)};
  const auto modules = container.modules();
  ASSERT_EQ(modules.size(), 2u);
  EXPECT_EQ(modules[0], container.root());
  auto& guard = container.resolve_or_create<Guard>(modules[1]);
  EXPECT_EQ(&container.resolve_or_create<Guard>(modules[1]), &guard);
  EXPECT_EQ(guard.users_, &container.resolve<Users>(modules[1]));
  auto& of_root = container.resolve_or_create<Guard>(modules[0]);
  EXPECT_EQ(&container.resolve_or_create<Guard>(modules[0]), &of_root);
  EXPECT_EQ(of_root.users_, &container.resolve<Users>(modules[0]));
  EXPECT_NE(of_root.users_, guard.users_);
}

TEST(ResolveOrCreate, SaysWhatItsModuleLacks) {
  nestcpp::container container{AppModule{}};
  EXPECT_THAT(startup_error_of([&] { (void)container.resolve_or_create<Guard>(container.root()); }),
              testing::HasSubstr(
                  "can't resolve dependencies of Guard: Users is not provided in AppModule. UsersModule provides "
                  "it but does not export it"));
}

TEST(ResolveOrCreate, WhatCannotBeInjectedMustBeProvided) {
  nestcpp::module root;
  root.provide_value(Configured{5});
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(container.resolve_or_create<Configured>(container.root()).limit_, 5);

  nestcpp::container empty{AppModule{}};
  EXPECT_EQ(startup_error_of([&] { (void)empty.resolve_or_create<Configured>(empty.root()); }),
            "nestcpp can't resolve Configured in AppModule: it is not provided there. Provide it there with "
            "provide<Configured>(), or import a module that exports it.");
}

// Typed clients are somebody else's: found by ADL.
struct Address {
  int port;
};
struct UserClient {
  int port;
};
void nest_provide_client(nestcpp::module& module, nestcpp::tag<UserClient>, const Address& address) {
  module.provide_value(UserClient{address.port});
}

TEST(Clients, AreProvidedByWhoeverDefinesTheirKind) {
  nestcpp::module root;
  root.clients<UserClient>(Address{4001});
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(container.resolve<UserClient>().port, 4001);
}

}  // namespace
