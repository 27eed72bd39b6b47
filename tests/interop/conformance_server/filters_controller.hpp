#pragma once
// Handlers that throw Error("x") behind filters of every kind: `f_*` behind the filter alone, `fi_*` also behind an
// interceptor that does nothing.

#include <nestcpp/nestcpp.hpp>

#include <optional>
#include <stdexcept>

namespace conformance {

namespace nest = nestcpp;
using nest::json_text;

class PassThrough : public nest::interceptor {
  nest::task<nest::reply> intercept(nest::execution_context&, nest::call_handler next) override {
    return next.handle();
  }
};

// NestJS: a filter that returns undefined.
class DefaultFilter : public nest::exception_filter {
  nest::error_response catch_exception(const std::exception& exception, nest::execution_context& context) override {
    return nest::default_error_response(exception, context);
  }
};

// NestJS: `throwError(() => …)` of what JSON makes this of.
template <nest::fixed_string Json>
class ErrorFilter : public nest::exception_filter {
  nest::error_response catch_exception(const std::exception&, nest::execution_context&) override {
    return {500, json_text::parse(Json.view()).value()};
  }
};

// NestJS: `of(…)`, or `EMPTY`; with several values they are a stream.
template <nest::fixed_string... Json>
class ValueFilter : public nest::recovering_filter {
  std::optional<nest::reply> recover(const std::exception&, nest::execution_context&) override {
    if constexpr (sizeof...(Json) == 0) {
      return nest::reply{};
    } else {
      return nest::reply::from_stream(values());
    }
  }
  static nest::stream<nest::reply> values() {
    for (const std::string_view json : {Json.view()...}) co_yield nest::reply::from_text(std::string{json});
  }
};

class ThrowingFilter : public nest::exception_filter {
  nest::error_response catch_exception(const std::exception&, nest::execution_context&) override {
    throw std::runtime_error{"from filter"};
  }
};

class NotFoundFilter : public nest::exception_filter_for<nest::not_found_exception> {
  nest::error_response catch_typed(const nest::not_found_exception&, nest::execution_context&) override {
    return {500, "caught what is none of its kind"};
  }
};

// What JSON makes of `new RpcException('wrapped')` and `new BadRequestException('b')`.
using RpcErrorFilter = ErrorFilter<R"({"error":"wrapped","message":"wrapped"})">;
using HttpErrorFilter = ErrorFilter<R"({"response":{"message":"b","error":"Bad Request","statusCode":400},)"
                                    R"("status":400,"options":{},"message":"b","name":"BadRequestException"})">;

// f_Name behind Filter, fi_Name behind FilterInside.
#define CONFORMANCE_FILTERED(Name, Filter, FilterInside)                  \
  using Name##_alone = nest::message<"f_" #Name, json_text, json_text>;   \
  using Name##_inside = nest::message<"fi_" #Name, json_text, json_text>; \
  NEST_MESSAGE_PATTERN(fail, Name##_alone, use_filters<Filter>());        \
  NEST_MESSAGE_PATTERN(fail, Name##_inside, use_filters<FilterInside>(), use_interceptors<PassThrough>())

class FiltersController {
  NEST_CONTROLLER(FiltersController);

  using Nothing = ErrorFilter<"{}">;
  using PlainObject = ValueFilter<R"({"plain":1})">;
  using RpcReturned = ValueFilter<R"({"error":"ret","message":"ret"})">;
  using Promise = ValueFilter<R"({"p":1})">;
  using Both = ValueFilter<R"("recovered")", "2">;
  using Observable = ValueFilter<"{}">;
  using Empty = ValueFilter<>;
  using Text = ErrorFilter<R"("str")">;
  using EmptyText = ErrorFilter<R"("")">;

 public:
  CONFORMANCE_FILTERED(undef, DefaultFilter, DefaultFilter);
  CONFORMANCE_FILTERED(plain, PlainObject, Nothing);
  CONFORMANCE_FILTERED(obj, PlainObject, Nothing);
  CONFORMANCE_FILTERED(rpcret, RpcReturned, Nothing);
  CONFORMANCE_FILTERED(promise, Promise, Promise);
  CONFORMANCE_FILTERED(promise_obs, Both, Observable);
  CONFORMANCE_FILTERED(obs, Both, Both);
  CONFORMANCE_FILTERED(empty, Empty, Empty);
  CONFORMANCE_FILTERED(err_str, Text, Text);
  CONFORMANCE_FILTERED(err_empty, EmptyText, EmptyText);
  CONFORMANCE_FILTERED(err_undef, Empty, Empty);
  CONFORMANCE_FILTERED(err_Error, Nothing, Nothing);
  CONFORMANCE_FILTERED(err_rpc, RpcErrorFilter, RpcErrorFilter);
  CONFORMANCE_FILTERED(err_http, HttpErrorFilter, HttpErrorFilter);
  CONFORMANCE_FILTERED(throws, ThrowingFilter, ThrowingFilter);
  CONFORMANCE_FILTERED(nomatch, NotFoundFilter, NotFoundFilter);

  // Of two that catch it the last in the list.
  using First = ErrorFilter<R"("first")">;
  using Second = ErrorFilter<R"("second")">;
  using type_order = nest::message<"f_type_order", json_text, json_text>;
  NEST_MESSAGE_PATTERN(fail, type_order, use_filters<First, Second>());

  json_text fail() { throw std::runtime_error{"x"}; }
};

#undef CONFORMANCE_FILTERED

}  // namespace conformance
