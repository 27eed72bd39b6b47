#pragma once
// Handlers that return streams, where NestJS's return Observables.

#include <nestcpp/nestcpp.hpp>

#include <string>

namespace conformance {

namespace nest = nestcpp;
using nest::json_text;

namespace patterns {
using obs3_sync = nest::message<"obs3_sync", json_text, nest::stream<int>>;
using obs3_async = nest::message<"obs3_async", json_text, nest::stream<int>>;
using obs1_async = nest::message<"obs1_async", json_text, nest::stream<std::string>>;
using obs_empty = nest::message<"obs_empty", json_text, nest::stream<int>>;
using obs_empty_async = nest::message<"obs_empty_async", json_text, nest::stream<int>>;
using obs_undef = nest::message<"obs_undef", json_text, nest::stream<nest::reply>>;
using obs_undef_last = nest::message<"obs_undef_last", json_text, nest::stream<nest::reply>>;
using obs_then_err_sync = nest::message<"obs_then_err_sync", json_text, nest::stream<int>>;
using obs_then_err_async = nest::message<"obs_then_err_async", json_text, nest::stream<int>>;
using obs_plain_err = nest::message<"obs_plain_err", json_text, nest::stream<int>>;
using prom_obs = nest::message<"prom_obs", json_text, nest::stream<std::string>>;
using count = nest::message<"count", int, nest::stream<int>>;  // not recorded: 0 to n - 1, for tests with NestJS itself
}  // namespace patterns

class StreamsController {
  NEST_CONTROLLER(StreamsController);

 public:
  NEST_MESSAGE_PATTERN(obs3_sync, patterns::obs3_sync);
  nest::stream<int> obs3_sync();
  NEST_MESSAGE_PATTERN(obs3_async, patterns::obs3_async);
  nest::stream<int> obs3_async();
  NEST_MESSAGE_PATTERN(obs1_async, patterns::obs1_async);
  nest::stream<std::string> obs1_async();
  NEST_MESSAGE_PATTERN(obs_empty, patterns::obs_empty);
  nest::stream<int> obs_empty() { return {}; }
  NEST_MESSAGE_PATTERN(obs_empty_async, patterns::obs_empty_async);
  nest::stream<int> obs_empty_async();
  NEST_MESSAGE_PATTERN(obs_undef, patterns::obs_undef);
  nest::stream<nest::reply> obs_undef();
  NEST_MESSAGE_PATTERN(obs_undef_last, patterns::obs_undef_last);
  nest::stream<nest::reply> obs_undef_last();
  NEST_MESSAGE_PATTERN(obs_then_err_sync, patterns::obs_then_err_sync);
  nest::stream<int> obs_then_err_sync();
  NEST_MESSAGE_PATTERN(obs_then_err_async, patterns::obs_then_err_async);
  nest::stream<int> obs_then_err_async();
  NEST_MESSAGE_PATTERN(obs_plain_err, patterns::obs_plain_err);
  nest::stream<int> obs_plain_err();
  NEST_MESSAGE_PATTERN(prom_obs, patterns::prom_obs);
  nest::task<nest::stream<std::string>> prom_obs();
  NEST_MESSAGE_PATTERN(count, patterns::count);
  nest::stream<int> count(int values);
};

}  // namespace conformance
