// What the library makes of JSON texts, for comparison with JavaScript. Each line of the input is a JSON string that
// holds a text; each line of the output is `null` where that is no JSON, else
//
//   [server, context, registered, value]
//
// server:     the route of a packet whose `pattern` is the text (null: a route that no handler has)
// context:    what the handler's context gives as pattern
// registered: the route of a handler that is registered with the text as its pattern (null: unreachable, or refused)
// value:      the text as `JSON.stringify(JSON.parse(text))`, as a string

#include <nestcpp/nestcpp.hpp>

#include <iostream>
#include <stdexcept>
#include <string>

namespace {

namespace nest = nestcpp;

// Routes that no message reaches begin so.
std::string route_text(const std::string& route) {
  return route.starts_with('\xFF') ? "null" : nest::quote_json(route);
}

std::string forms_of(const std::string& text) {
  std::string value, error;
  nest::request_envelope packet;
  const std::string json = "{\"pattern\":" + text + "}";
  if (!nest::append_normalized_json(value, text, ~0U) || !nest::scan_request(json, packet, error)) return "null";
  boost::json::value pattern;
  nest::validation_options options;
  options.max_depth = 4000;
  nest::read_json(text, pattern, options).throw_if_failed();
  std::string registered = "null";
  try {
    registered = route_text(nest::normalize_pattern(pattern));
  } catch (const std::invalid_argument&) {  // a number beyond a double's range is a mistake in a pattern
  }
  return "[" + route_text(nest::route_of(packet.pattern)) + "," + nest::quote_json(nest::pattern_text(packet.pattern)) +
         "," + registered + "," + nest::quote_json(value) + "]";
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  std::string out;
  for (std::string line, text; std::getline(std::cin, line);) {
    if (!nest::unquote_json(line, text)) {
      std::cerr << "wire_forms: a line is no JSON string: " << line << '\n';
      return 1;
    }
    out.append(forms_of(text)).append(1, '\n');
    if (out.size() > 65536) {
      std::cout << out;
      out.clear();
    }
  }
  std::cout << out << std::flush;
  return 0;
}
