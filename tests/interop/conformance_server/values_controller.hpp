#pragma once
// Handlers that return: values of every kind, at once or later.

#include <nestcpp/nestcpp.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

namespace nest = nestcpp;
using nest::json_text;

// What JSON makes of `{a: NaN, b: Infinity, c: undefined, d: [undefined, function], e: -0, f: 1e21, g: 1e-7, h: 0.1 +
// 0.2}`.
struct Numbers {
  double a, b;
  std::optional<int> c;
  std::vector<std::optional<int>> d;
  double e, f, g, h;
};
NEST_DTO(Numbers, NEST_FIELD(a), NEST_FIELD(b), NEST_FIELD(c, omit_empty()), NEST_FIELD(d), NEST_FIELD(e),
         NEST_FIELD(f), NEST_FIELD(g), NEST_FIELD(h));

// What JSON makes of Node's Buffer.
struct Buffer {
  std::string type;
  std::vector<int> data;
};
NEST_DTO(Buffer, NEST_FIELD(type), NEST_FIELD(data));

namespace patterns {
using echo = nest::message<"echo", json_text, json_text>;
using str = nest::message<"str", json_text, std::string>;
using uni = nest::message<"uni", json_text, std::string>;
using empty_str = nest::message<"empty_str", json_text, std::string>;
using zero = nest::message<"zero", json_text, int>;
using fals = nest::message<"fals", json_text, bool>;
using nul = nest::message<"nul", json_text, std::optional<int>>;
using undef = nest::message<"undef", json_text, void>;
using lone = nest::message<"lone", json_text, std::string>;
using date = nest::message<"date", json_text, nest::timestamp>;
using bigint = nest::message<"bigint", json_text, json_text>;
using map = nest::message<"map", json_text, json_text>;
using fn = nest::message<"fn", json_text, void>;
using sym = nest::message<"sym", json_text, void>;
using err_val = nest::message<"err_val", json_text, json_text>;
using buf = nest::message<"buf", json_text, Buffer>;
using nan = nest::message<"nan", json_text, Numbers>;
using obj_order = nest::message<"obj_order", json_text, json_text>;
using esc = nest::message<"esc", json_text, std::string>;
using prom = nest::message<"prom", json_text, std::string>;
using slow = nest::message<"slow", json_text, json_text>;
using ctxmeta = nest::message<"ctxmeta", json_text, json_text>;
using dup = nest::message<"dup", json_text, std::string>;
}  // namespace patterns

class ValuesController {
  NEST_CONTROLLER(ValuesController);

 public:
  NEST_MESSAGE_PATTERN(echo, patterns::echo);
  json_text echo(json_text data) { return data; }

  NEST_MESSAGE_PATTERN(str, patterns::str);
  std::string str() { return "hi"; }
  NEST_MESSAGE_PATTERN(uni, patterns::uni);
  std::string uni() { return "é€😀"; }
  NEST_MESSAGE_PATTERN(empty_str, patterns::empty_str);
  std::string empty_str() { return {}; }
  NEST_MESSAGE_PATTERN(zero, patterns::zero);
  int zero() { return 0; }
  NEST_MESSAGE_PATTERN(fals, patterns::fals);
  bool fals() { return false; }
  NEST_MESSAGE_PATTERN(nul, patterns::nul);
  std::optional<int> nul() { return std::nullopt; }
  NEST_MESSAGE_PATTERN(undef, patterns::undef);
  void undef() {}
  NEST_MESSAGE_PATTERN(lone, patterns::lone);
  std::string lone() {
    return "a\xED\xA0\x80"
           "b";
  }  // U+D800 as WTF-8 has it

  NEST_MESSAGE_PATTERN(date, patterns::date);
  nest::timestamp date() { return {}; }
  NEST_MESSAGE_PATTERN(bigint, patterns::bigint);
  json_text bigint();
  NEST_MESSAGE_PATTERN(map, patterns::map);
  json_text map() { return json_text::parse("{}"); }
  NEST_MESSAGE_PATTERN(fn, patterns::fn);
  void fn() {}
  NEST_MESSAGE_PATTERN(sym, patterns::sym);
  void sym() {}
  NEST_MESSAGE_PATTERN(err_val, patterns::err_val);
  json_text err_val() { return json_text::parse("{}"); }
  NEST_MESSAGE_PATTERN(buf, patterns::buf);
  Buffer buf() { return {"Buffer", {97, 98, 99}}; }
  NEST_MESSAGE_PATTERN(nan, patterns::nan);
  Numbers nan();
  NEST_MESSAGE_PATTERN(obj_order, patterns::obj_order);
  json_text obj_order() { return json_text::parse(R"({"b":1,"10":"x","a":2,"2":"y"})"); }
  NEST_MESSAGE_PATTERN(esc, patterns::esc);
  std::string esc();

  NEST_MESSAGE_PATTERN(prom, patterns::prom);
  nest::task<std::string> prom() { co_return "p"; }
  NEST_MESSAGE_PATTERN(slow, patterns::slow);
  nest::task<json_text> slow(json_text milliseconds);

  NEST_MESSAGE_PATTERN(ctxmeta, patterns::ctxmeta);
  json_text ctxmeta(const nest::rpc_context& context);
  NEST_MESSAGE_PATTERN(dup, patterns::dup);
  std::string dup() { return "second"; }
};

}  // namespace conformance
