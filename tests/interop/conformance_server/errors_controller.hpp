#pragma once
// Handlers that throw, and guards and pipes that do.

#include <nestcpp/nestcpp.hpp>

#include <string>

namespace conformance {

namespace nest = nestcpp;
using nest::json_text;

namespace patterns {
using prom_rej = nest::message<"prom_rej", json_text, json_text>;
using rpc_str = nest::message<"rpc_str", json_text, json_text>;
using rpc_obj = nest::message<"rpc_obj", json_text, json_text>;
using rpc_obj_nomsg = nest::message<"rpc_obj_nomsg", json_text, json_text>;
using rpc_empty_str = nest::message<"rpc_empty_str", json_text, json_text>;
using rpc_arr = nest::message<"rpc_arr", json_text, json_text>;
using rpc_undef = nest::message<"rpc_undef", json_text, json_text>;
using rpc_num = nest::message<"rpc_num", json_text, json_text>;
using rpc_err = nest::message<"rpc_err", json_text, json_text>;
using plain = nest::message<"plain", json_text, json_text>;
using throw_str = nest::message<"throw_str", json_text, json_text>;
using throw_undef = nest::message<"throw_undef", json_text, json_text>;
using http_ex = nest::message<"http_ex", json_text, json_text>;
using guard_false = nest::message<"guard_false", json_text, json_text>;
using guard_http = nest::message<"guard_http", json_text, json_text>;
using guard_rpc = nest::message<"guard_rpc", json_text, json_text>;
using guard_plain = nest::message<"guard_plain", json_text, json_text>;
using pipe_http = nest::message<"pipe_http", json_text, json_text>;
using pipe_rpc = nest::message<"pipe_rpc", json_text, json_text>;
using noparam = nest::message<"noparam", json_text, json_text>;
}  // namespace patterns

class RefusingGuard : public nest::plain_guard {
  bool can_activate_now(nest::execution_context&) override { return false; }
};
class HttpGuard : public nest::plain_guard {
  bool can_activate_now(nest::execution_context&) override { throw nest::unauthorized_exception{"no"}; }
};
class RpcGuard : public nest::plain_guard {
  bool can_activate_now(nest::execution_context&) override { throw nest::rpc_exception{"no"}; }
};
class PlainGuard : public nest::plain_guard {
  bool can_activate_now(nest::execution_context&) override { throw std::runtime_error{"no"}; }
};
class HttpPipe : public nest::pipe<json_text> {
  json_text transform(json_text, const nest::argument_metadata&) override { throw nest::bad_request_exception{"no"}; }
};
class RpcPipe : public nest::pipe<json_text> {
  json_text transform(json_text, const nest::argument_metadata&) override { throw nest::rpc_exception{"no"}; }
};

class ErrorsController {
  NEST_CONTROLLER(ErrorsController);

 public:
  NEST_MESSAGE_PATTERN(prom_rej, patterns::prom_rej);
  nest::task<json_text> prom_rej();
  NEST_MESSAGE_PATTERN(rpc_str, patterns::rpc_str);
  json_text rpc_str() { throw nest::rpc_exception{"nope"}; }
  NEST_MESSAGE_PATTERN(rpc_obj, patterns::rpc_obj);
  json_text rpc_obj();
  NEST_MESSAGE_PATTERN(rpc_obj_nomsg, patterns::rpc_obj_nomsg);
  json_text rpc_obj_nomsg();
  NEST_MESSAGE_PATTERN(rpc_empty_str, patterns::rpc_empty_str);
  json_text rpc_empty_str() { throw nest::rpc_exception{""}; }
  NEST_MESSAGE_PATTERN(rpc_arr, patterns::rpc_arr);
  json_text rpc_arr();
  NEST_MESSAGE_PATTERN(rpc_undef, patterns::rpc_undef);
  json_text rpc_undef() { throw nest::rpc_exception{}; }
  NEST_MESSAGE_PATTERN(rpc_num, patterns::rpc_num);
  json_text rpc_num() { throw nest::rpc_exception{7}; }
  NEST_MESSAGE_PATTERN(rpc_err, patterns::rpc_err);
  json_text rpc_err();  // an Error has no members that JSON would show
  NEST_MESSAGE_PATTERN(plain, patterns::plain);
  json_text plain() { throw std::runtime_error{"secret"}; }
  NEST_MESSAGE_PATTERN(throw_str, patterns::throw_str);
  json_text throw_str() { throw "a string"; }
  NEST_MESSAGE_PATTERN(throw_undef, patterns::throw_undef);
  json_text throw_undef() { throw nullptr; }
  NEST_MESSAGE_PATTERN(http_ex, patterns::http_ex);
  json_text http_ex() { throw nest::bad_request_exception{"bad"}; }

  NEST_MESSAGE_PATTERN(guard_false, patterns::guard_false, use_guards<RefusingGuard>());
  json_text guard_false() { return {}; }
  NEST_MESSAGE_PATTERN(guard_http, patterns::guard_http, use_guards<HttpGuard>());
  json_text guard_http() { return {}; }
  NEST_MESSAGE_PATTERN(guard_rpc, patterns::guard_rpc, use_guards<RpcGuard>());
  json_text guard_rpc() { return {}; }
  NEST_MESSAGE_PATTERN(guard_plain, patterns::guard_plain, use_guards<PlainGuard>());
  json_text guard_plain() { return {}; }
  NEST_MESSAGE_PATTERN(pipe_http, patterns::pipe_http, use_pipes<HttpPipe>());
  json_text pipe_http(json_text data) { return data; }
  NEST_MESSAGE_PATTERN(pipe_rpc, patterns::pipe_rpc, use_pipes<RpcPipe>());
  json_text pipe_rpc(json_text data) { return data; }

  // A handler without parameter decorators, which NestJS gives the payload as its only argument.
  NEST_MESSAGE_PATTERN(noparam, patterns::noparam);
  json_text noparam(json_text data);
};

}  // namespace conformance
