// What an application says of its routes: as data, as a table, in the log.

#include <nestcpp/nestcpp.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace {

namespace nest = nestcpp;
using testing::ElementsAre;
using testing::HasSubstr;

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text));
using say = nest::message<"say", Text, Text>;
using said = nest::event<"said", Text>;

class OpenGuard : public nest::plain_guard {
 public:
  bool can_activate_now(nest::execution_context&) override { return true; }
};
class TokenGuard : public OpenGuard {};
class QuietObserver : public nest::observer {
 public:
  void after(nest::execution_context&, const nest::outcome&) noexcept override {}
};
class AnyFilter : public nest::exception_filter {
 public:
  nest::error_response catch_exception(const std::exception& exception, nest::execution_context& context) override {
    return nest::default_error_response(exception, context);
  }
};
class TrimPipe : public nest::pipe<Text> {
 public:
  Text transform(Text value, const nest::argument_metadata&) override { return value; }
};

class SpeechController {
  NEST_CONTROLLER(SpeechController, "/speech", use_guards<TokenGuard>(), use_filters<AnyFilter>());

 public:
  NEST_MESSAGE_PATTERN(speak, say, use_pipes<TrimPipe>());
  NEST_POST(speak, "/:language");
  Text speak(Text what) { return what; }

  NEST_EVENT_PATTERN(on_said, said);
  void on_said(Text) {}
};
class EchoController {
  NEST_CONTROLLER(EchoController);

 public:
  explicit EchoController(const nest::execution_context& context) : context_{context} {}
  NEST_GET(echo, "/");
  Text echo() { return {std::string{context_.route()}}; }

 private:
  const nest::execution_context& context_;
};

struct SpeechModule : nest::module {
  SpeechModule() { controllers<SpeechController, EchoController>(); }
};

std::string text_of(std::FILE* file) {
  std::string text(4096, '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  return text;
}

class Routes : public testing::Test {
 protected:
  Routes() : app_{SpeechModule{}, {.io_threads = 1}} {
    app_.use_global_guards<OpenGuard>();
    app_.use_global_interceptors<QuietObserver>();
    app_.connect_microservice(network_, "speech");
  }
  nest::in_memory_network network_;
  nest::application app_;
};

constexpr const char* table =
    "MESSAGE  say                SpeechController.speak    guards: OpenGuard, TokenGuard; interceptors: QuietObserver; "
    "pipes: TrimPipe; filters: AnyFilter\n"
    "POST     /speech/:language  SpeechController.speak    guards: OpenGuard, TokenGuard; interceptors: QuietObserver; "
    "filters: AnyFilter\n"
    "EVENT    said               SpeechController.on_said  guards: OpenGuard, TokenGuard; interceptors: QuietObserver; "
    "filters: AnyFilter\n"
    "GET      /                  EchoController.echo       request-scoped; guards: OpenGuard; interceptors: "
    "QuietObserver\n";

TEST_F(Routes, AreListedWithWhatStandsAroundThem) {
  EXPECT_TRUE(app_.routes().empty());
  app_.listen_http({.host = "127.0.0.1", .port = 0});
  app_.start();
  ASSERT_EQ(app_.routes().size(), 4U);
  const nest::route_info& first = app_.routes().front();
  EXPECT_EQ(first.kind, nest::route_kind::message);
  EXPECT_EQ(first.path, "say");
  EXPECT_EQ(first.controller, "SpeechController");
  EXPECT_EQ(first.handler, "speak");
  EXPECT_EQ(first.module, "SpeechModule");
  EXPECT_THAT(first.guards, ElementsAre("OpenGuard", "TokenGuard"));
  EXPECT_FALSE(first.request_scoped);
  EXPECT_TRUE(app_.routes().back().request_scoped);
  EXPECT_EQ(nest::format_routes(app_.routes()), table);
}

TEST_F(Routes, ArePrintedAtOnceOrAsSoonAsTheyAreBound) {
  app_.listen_http({.host = "127.0.0.1", .port = 0});
  std::FILE* before = std::tmpfile();
  app_.print_routes(before);
  EXPECT_EQ(text_of(before), "");
  app_.start();
  EXPECT_EQ(text_of(before), table);
  std::FILE* after = std::tmpfile();
  app_.print_routes(after);
  EXPECT_EQ(text_of(after), table);
  std::fclose(before);
  std::fclose(after);
}

TEST_F(Routes, WithoutAnHttpListenerOnlyPatternsAreServed) {
  app_.start();
  EXPECT_EQ(app_.routes().size(), 2U);
}

TEST_F(Routes, AreLoggedInTheWordsOfNestjs) {
  nest::configure_logging({.level = nest::log_level::info, .format = nest::log_format::json});
  app_.listen_http({.host = "127.0.0.1", .port = 0});
  testing::internal::CaptureStdout();
  app_.start();
  const std::string lines = testing::internal::GetCapturedStdout();
  std::size_t at = 0;
  for (const char* expected : {R"("context":"NestFactory","message":"Starting Nest application...")",
                               R"("context":"InstanceLoader","message":"SpeechModule dependencies initialized")",
                               R"("context":"RoutesResolver","message":"SpeechController {/speech}:")",
                               R"("context":"RouterExplorer","message":"Mapped {say} message pattern")",
                               R"("context":"RouterExplorer","message":"Mapped {/speech/:language, POST} route")",
                               R"("context":"RouterExplorer","message":"Mapped {said} event pattern")",
                               R"("context":"RoutesResolver","message":"EchoController {/}:")",
                               R"("context":"RouterExplorer","message":"Mapped {/, GET} route")",
                               R"("context":"NestApplication","message":"Nest application successfully started")",
                               R"("context":"NestMicroservice","message":"Nest microservice successfully started")"}) {
    const std::size_t found = lines.find(expected, at);
    ASSERT_NE(found, std::string::npos) << expected << "\nin\n" << lines;
    at = found;
  }
}

}  // namespace
