#pragma once
/// @file nestcpp/pipeline/method_endpoint.hpp
/// @brief The endpoint of a member function: the one place where a handler's types are known.

#include <nestcpp/dto/async_validation.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/pipeline/arguments.hpp>
#include <nestcpp/pipeline/controller_source.hpp>
#include <nestcpp/pipeline/detail/endpoint_stream.hpp>
#include <nestcpp/pipeline/endpoint.hpp>
#include <nestcpp/pipeline/result_writer.hpp>

#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

template <auto Method>
class method_endpoint final : public endpoint {
  using traits = detail::traits_of<Method>;
  using owner = typename traits::class_type;
  using value = typename traits::value;

 public:
  /// @par Lifetime The controller, or what gives one to each call, and the chain must outlive the endpoint.
  method_endpoint(controller_source<owner> controller, const handler_chain& chain)
      : controller_{controller}, chain_{&chain} {}

  [[nodiscard]] bool is_plain() const noexcept override { return is_plain_method; }
  [[nodiscard]] bool returns_text() const noexcept override { return std::is_same_v<value, std::string>; }

  bool call(execution_context& context, std::string& out) const override {
    if constexpr (!is_plain_method) {
      throw std::logic_error{"a handler that is a coroutine cannot be called without one"};
    } else if constexpr (std::is_void_v<value>) {
      invoke(context);
      return false;
    } else {
      return write(context, out, invoke(context));
    }
  }

  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    if constexpr (is_stream_v<value>) {
      return call_stream(context);
    } else {
      return call_once(context);
    }
  }

 private:
  // A DTO among the parameters has asynchronous rules.
  static constexpr bool waits_for_rules = []<class... A>(std::tuple<A...>*) {
    return (detail::has_async_rules<detail::argument_value_t<A>> || ...);
  }(static_cast<typename traits::arguments*>(nullptr));
  static constexpr bool is_plain_method =
      !is_task_v<typename traits::result> && !is_stream_v<value> && !waits_for_rules;

  [[nodiscard]] task<reply> call_once(execution_context& context) const {
    std::string out;
    bool has_value = false;
    if constexpr (is_task_v<typename traits::result>) {
      auto arguments = read(context, static_cast<typename traits::arguments*>(nullptr));
      if constexpr (waits_for_rules) co_await ask_rules(arguments);
      if (chain_->has_async_pipes()) co_await run_async_pipes(arguments);
      if constexpr (std::is_void_v<value>) {
        co_await invoke_with(context, arguments, static_cast<typename traits::arguments*>(nullptr));
      } else {
        value result = co_await invoke_with(context, arguments, static_cast<typename traits::arguments*>(nullptr));
        if constexpr (std::is_same_v<value, reply>) {
          if (result.is_stream()) co_return result;
        }
        has_value = write(context, out, std::move(result));
      }
    } else if (waits_for_rules || chain_->has_async_pipes()) {
      auto arguments = read(context, static_cast<typename traits::arguments*>(nullptr));
      if constexpr (waits_for_rules) co_await ask_rules(arguments);
      if (chain_->has_async_pipes()) co_await run_async_pipes(arguments);
      if constexpr (std::is_void_v<value>) {
        invoke_with(context, arguments, static_cast<typename traits::arguments*>(nullptr));
      } else {
        has_value =
            write(context, out, invoke_with(context, arguments, static_cast<typename traits::arguments*>(nullptr)));
      }
    } else {
      has_value = call(context, out);
    }
    if (!has_value) co_return reply{};
    co_return reply::from_text(std::move(out));
  }

  [[nodiscard]] task<reply> call_stream(execution_context& context) const {
    using kept = decltype(read(context, static_cast<typename traits::arguments*>(nullptr)));
    using source_type = detail::endpoint_stream<kept, stream_value_t<value>>;
    auto* source = new source_type{read(context, static_cast<typename traits::arguments*>(nullptr))};
    stream<reply> replies{source};
    if constexpr (waits_for_rules) co_await ask_rules(source->arguments());
    if (chain_->has_async_pipes()) co_await run_async_pipes(source->arguments());
    if constexpr (is_task_v<typename traits::result>) {
      value values =
          co_await invoke_with(context, source->arguments(), static_cast<typename traits::arguments*>(nullptr));
      source->set_values(std::move(values));
    } else {
      source->set_values(invoke_with(context, source->arguments(), static_cast<typename traits::arguments*>(nullptr)));
    }
    co_return reply::from_stream(std::move(replies));
  }

  template <class... A>
  std::tuple<detail::kept_argument<A>...> read(execution_context& context, std::tuple<A...>*) const {
    // Braces: evaluated from left to right.
    return std::tuple<detail::kept_argument<A>...>{detail::read_argument<A>(context, *chain_)...};
  }

  template <class Arguments>
  [[nodiscard]] task<void> ask_rules(Arguments& arguments) const {
    return ask_rules_of(arguments, static_cast<typename traits::arguments*>(nullptr),
                        std::make_index_sequence<std::tuple_size_v<typename traits::arguments>>{});
  }
  template <class Arguments, class... A, std::size_t... I>
  [[nodiscard]] task<void> ask_rules_of(Arguments& arguments, std::tuple<A...>*, std::index_sequence<I...>) const {
    (co_await ask_rules_of_one<A>(std::get<I>(arguments)), ...);
  }
  template <class A, class Kept>
  [[nodiscard]] task<void> ask_rules_of_one([[maybe_unused]] Kept& kept) const {
    if constexpr (detail::has_async_rules<detail::argument_value_t<A>>) {
      co_await validate_async(detail::argument_reader<std::remove_cvref_t<A>>::value_of(kept), chain_->validators(),
                              chain_->validation());
    }
    co_return;
  }

  template <class Arguments>
  [[nodiscard]] task<void> run_async_pipes(Arguments& arguments) const {
    std::vector<detail::argument_slot> slots;
    [&]<class... A, std::size_t... I>(std::tuple<A...>*, std::index_sequence<I...>) {
      (detail::add_slot<A>(slots, std::get<I>(arguments)), ...);
    }(static_cast<typename traits::arguments*>(nullptr),
      std::make_index_sequence<std::tuple_size_v<typename traits::arguments>>{});
    return chain_->run_async_pipes(std::move(slots));
  }

  template <class Arguments, class... A>
  decltype(auto) invoke_with(execution_context& context, Arguments& arguments, std::tuple<A...>*) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
      return (controller_.get(context).*Method)(static_cast<A&&>(std::get<I>(arguments))...);
    }(std::index_sequence_for<A...>{});
  }

  decltype(auto) invoke(execution_context& context) const {
    auto arguments = read(context, static_cast<typename traits::arguments*>(nullptr));
    return invoke_with(context, arguments, static_cast<typename traits::arguments*>(nullptr));
  }

  template <class Result>
  static bool write(execution_context& context, std::string& out, Result&& given) {
    using result_type = std::remove_cvref_t<Result>;
    if constexpr (detail::has_result_writer<result_type>) {
      return result_writer<result_type>::write(context, std::forward<Result>(given));
    } else {
      return write_value(context, out, given);
    }
  }

  template <class Result>
  static bool write_value(const execution_context& context, std::string& out, const Result& result) {
    if constexpr (std::is_same_v<Result, reply>) {
      if (result.is_stream()) throw std::logic_error{"a handler that gives a reply with a stream returns task<reply>"};
    }
    if constexpr (std::is_same_v<Result, reply> || std::is_same_v<Result, json_text>) {
      out += result.text();
      return result.has_value();
    } else {
      if constexpr (std::is_same_v<Result, std::string>) {
        if (context.get_type() == context_type::http) {
          out += result;
          return true;
        }
      }
      write_json(out, result);
      return true;
    }
  }

  controller_source<owner> controller_;
  const handler_chain* chain_;
};

}  // namespace nestcpp
