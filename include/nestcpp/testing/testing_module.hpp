#pragma once
/// @file nestcpp/testing/testing_module.hpp
/// @brief An application in the process of a test, with some of its parts replaced: NestJS's
/// `Test.createTestingModule`.

#include <nestcpp/app/application.hpp>
#include <nestcpp/testing/http_agent.hpp>
#include <nestcpp/testing/message_agent.hpp>
#include <nestcpp/testing/test_network.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace nestcpp::testing {

struct testing_module_options {
  /// Its name in the network: what the typed clients of others call it. Default: nobody's.
  std::string name = "testing-module";
  /// Shared by the applications that talk to each other. Default: one of its own.
  test_network* network = nullptr;
  std::size_t io_threads = 1;                      ///< Event loops. Default: 1, so that things happen in one order.
  std::chrono::milliseconds shutdown_grace{1000};  ///< As of application_options, in real time. Default: 1 s.
};

/// ```
/// testing_module app{UserModule{settings}};
/// app.override_provider<Mailer>(fake_mailer);
/// app.app().use_global_pipes({{.whitelist = true}});
/// app.start();
/// EXPECT_EQ(app.http().post("/users", dto).send().status, 201);
/// EXPECT_EQ(app.messages().send<contracts::get_user>({id}).email, dto.email);
/// app.expect_published<contracts::user_created>().once();
/// ```
/// No socket is opened. The typed clients of its modules that have a TCP address go through the test's network.
/// @par Thread safety Not safe, but for `http()`, `messages()` and `network()` after the start.
class testing_module {
 public:
  template <class Root>
  explicit testing_module(Root root, testing_module_options options = {}) : testing_module{std::move(options)} {
    adopt(std::make_unique<application>(std::move(root), application_options()));
  }
  /// Stops it.
  ~testing_module();
  testing_module(const testing_module&) = delete;
  testing_module& operator=(const testing_module&) = delete;

  /// @name Before `compile()` and `start()`
  /// @{
  /// As `container::override_provider`: by an object that the test owns (lvalue), an owned one or a factory.
  template <class Token, class Replacement>
  testing_module& override_provider(Replacement&& replacement) {
    app().providers().template override_provider<Token>(std::forward<Replacement>(replacement));
    return *this;
  }
  /// By a class, built by injection.
  template <class Token, class Class>
  testing_module& override_provider() {
    app().providers().template override_provider<Token, Class>();
    return *this;
  }
  /// As `container::override_module`: another module in the place of all of that class.
  template <class Module, class Replacement>
  testing_module& override_module(Replacement replacement) {
    app().providers().template override_module<Module>(std::move(replacement));
    return *this;
  }
  /// Guards, interceptors, pipes and filters are replaced as providers are, global ones too; the replacement derives
  /// from what it replaces.
  template <class Guard, class Replacement>
  testing_module& override_guard(Replacement&& replacement) {
    return override_provider<Guard>(std::forward<Replacement>(replacement));
  }
  template <class Interceptor, class Replacement>
  testing_module& override_interceptor(Replacement&& replacement) {
    return override_provider<Interceptor>(std::forward<Replacement>(replacement));
  }
  template <class Pipe, class Replacement>
  testing_module& override_pipe(Replacement&& replacement) {
    return override_provider<Pipe>(std::forward<Replacement>(replacement));
  }
  template <class Filter, class Replacement>
  testing_module& override_filter(Replacement&& replacement) {
    return override_provider<Filter>(std::forward<Replacement>(replacement));
  }
  /// The application itself: for what its `main()` sets, such as global pipes.
  [[nodiscard]] application& app() noexcept { return *app_; }
  /// @}

  /// Builds all providers, without hooks and without serving anything: enough to test them by `get`.
  /// @throws startup_error, or what a provider throws
  testing_module& compile();
  /// Builds everything, calls the hooks and serves HTTP and messages. @throws as `application::start`
  testing_module& start();
  /// Stops it, as SIGTERM would. Does nothing where it does not run.
  void close();

  /// A provider, as `container::resolve` gives it: as the root module sees it, else that of the first module that has
  /// one.
  template <class T>
  [[nodiscard]] decltype(auto) get() {
    return app().template get<T>();
  }

  /// @name After `start()`
  /// @{
  /// @throws std::logic_error before
  [[nodiscard]] http_agent http();
  /// @throws std::logic_error before
  [[nodiscard]] message_agent messages();
  /// @}

  [[nodiscard]] test_network& network() noexcept { return *network_; }
  template <contract Contract>
  [[nodiscard]] publications<Contract> expect_published() const {
    return network_->template expect_published<Contract>();
  }

 private:
  explicit testing_module(testing_module_options options);
  [[nodiscard]] nestcpp::application_options application_options() const;
  void adopt(std::unique_ptr<application> app);

  testing_module_options options_;
  std::unique_ptr<test_network> own_network_;
  test_network* network_;
  std::unique_ptr<application> app_;
  std::unique_ptr<client_proxy> client_;
};

}  // namespace nestcpp::testing
