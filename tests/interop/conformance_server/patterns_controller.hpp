#pragma once
// Handlers whose patterns are objects, numbers, texts that look like something else.

#include <nestcpp/nestcpp.hpp>

#include <string>

namespace conformance {

namespace nest = nestcpp;
using nest::json_text;

namespace patterns {
using sum = nest::message<R"({"cmd":"sum","role":"a"})", json_text, json_text>;
using nested = nest::message<R"({"b":1,"a":{"d":"x","c":[1,"two"]}})", json_text, json_text>;
using number = nest::message<"5", json_text, json_text>;
using m1 = nest::message<"m1", json_text, json_text>;
using m2 = nest::message<"m2", json_text, json_text>;
using m3 = nest::message<R"({"m":3})", json_text, json_text>;
using true_text = nest::message<"true", json_text, json_text>;   // unreachable, as in NestJS
using number_text = nest::message<"1e3", json_text, json_text>;  // unreachable, as in NestJS
using quotes = nest::message<R"({"k\"\\":"v\"\\"})", json_text, json_text>;
using primitives = nest::message<R"({"t":true,"n":null,"z":1.5})", json_text, json_text>;
using cyrillic = nest::message<"привет", json_text, std::string>;
using many_keys = nest::message<
    R"({"q0":0,"q1":1,"q2":2,"q3":3,"q4":4,"q5":5,"q6":6,"q7":7,"q8":8,"q9":9,"q10":10,"q11":11,"q12":12,"q13":13,)"
    R"("q14":14,"q15":15,"q16":16,"q17":17,"q18":18,"q19":19,"q20":20,"q21":21})",
    json_text, std::string>;
using deep = nest::message<R"({"a":{"a":{"a":{"a":{"a":{"b":{"x":1}}}}}}})", json_text, std::string>;
using empty_object = nest::message<"{}", json_text, std::string>;
using empty_text = nest::message<"", json_text, std::string>;
}  // namespace patterns

class PatternsController {
  NEST_CONTROLLER(PatternsController);

 public:
  NEST_MESSAGE_PATTERN(tell, patterns::sum);
  NEST_MESSAGE_PATTERN(tell, patterns::nested);
  NEST_MESSAGE_PATTERN(tell, patterns::number);
  NEST_MESSAGE_PATTERN(tell, patterns::m1);
  NEST_MESSAGE_PATTERN(tell, patterns::m2);
  NEST_MESSAGE_PATTERN(tell, patterns::m3);
  NEST_MESSAGE_PATTERN(tell, patterns::true_text);
  NEST_MESSAGE_PATTERN(tell, patterns::number_text);
  // `{pat: ctx.getPattern(), d: data}`
  json_text tell(const nest::rpc_context& context, json_text data);

  NEST_MESSAGE_PATTERN(tell_pattern, patterns::quotes);
  NEST_MESSAGE_PATTERN(tell_pattern, patterns::primitives);
  json_text tell_pattern(const nest::rpc_context& context);

  NEST_MESSAGE_PATTERN(cyrillic, patterns::cyrillic);
  std::string cyrillic() { return "мир"; }
  NEST_MESSAGE_PATTERN(many_keys, patterns::many_keys);
  std::string many_keys() { return "manykeys-handler"; }
  NEST_MESSAGE_PATTERN(deep, patterns::deep);
  std::string deep() { return "deep-handler"; }
  NEST_MESSAGE_PATTERN(empty_object, patterns::empty_object);
  std::string empty_object() { return "emptyobj-handler"; }
  NEST_MESSAGE_PATTERN(empty_text, patterns::empty_text);
  std::string empty_text() { return "emptystr-handler"; }
};

}  // namespace conformance
