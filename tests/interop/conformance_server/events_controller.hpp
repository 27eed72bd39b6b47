#pragma once
// Event handlers, which note what they were given, and the message that asks for the notes.

#include <nestcpp/nestcpp.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace conformance {

namespace nest = nestcpp;
using nest::json_text;

namespace patterns {
using ev = nest::event<"ev", json_text>;
using ev_obs = nest::event<"ev_obs", json_text>;
using ev_throw = nest::event<"ev_throw", json_text>;
using ev_rpcthrow = nest::event<"ev_rpcthrow", json_text>;
using evdup = nest::event<"evdup", json_text>;
using evobj = nest::event<R"({"ev":"x","a":1})", json_text>;
using get_events = nest::message<"get_events", json_text, json_text>;
}  // namespace patterns

// What the handlers noted, from all loops.
class Notes {
 public:
  // `[name, data, …]` as JSON has it: what is undefined is null in an array.
  void add(std::string_view name, const json_text& data, const json_text& more = {});
  json_text take();

 private:
  std::mutex mutex_;
  std::string notes_;
};

class EventsController {
  NEST_CONTROLLER(EventsController);

 public:
  explicit EventsController(Notes& notes) : notes_{notes} {}

  NEST_EVENT_PATTERN(ev, patterns::ev);
  void ev(json_text data);
  NEST_EVENT_PATTERN(ev_obs, patterns::ev_obs);
  nest::stream<int> ev_obs(json_text data);
  NEST_EVENT_PATTERN(ev_throw, patterns::ev_throw);
  void ev_throw(json_text data);
  NEST_EVENT_PATTERN(ev_rpcthrow, patterns::ev_rpcthrow);
  void ev_rpcthrow(json_text data);
  NEST_EVENT_PATTERN(evdup1, patterns::evdup);
  std::string evdup1(json_text data);
  NEST_EVENT_PATTERN(evdup2, patterns::evdup);
  std::string evdup2(json_text data);
  NEST_EVENT_PATTERN(evobj, patterns::evobj);
  void evobj(const nest::rpc_context& context, json_text data);

  NEST_MESSAGE_PATTERN(get_events, patterns::get_events);
  json_text get_events() { return notes_.take(); }

 private:
  Notes& notes_;
};

}  // namespace conformance
