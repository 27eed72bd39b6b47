#pragma once
/// @file nestcpp/messaging/pattern.hpp
/// @brief Routes: the normal form of a pattern, by which a message finds its handler (NestJS's
/// `transformPatternToRoute`).
///
/// A string or number is its own route in JavaScript's string form. An object or array becomes
/// `{"<key>":<value>,…}` with sorted keys; more than 20 keys become `[TOO_MANY_KEYS]`, objects nested deeper than 5
/// levels
/// `[MAX_DEPTH_REACHED]`. Keys are sorted as `String.localeCompare` sorts ASCII (letters after digits after
/// punctuation, case decides only ties, lower first); characters outside ASCII sort after all of ASCII, by code point,
/// where NestJS uses ICU's tables: over TCP nobody can tell, because both sides normalise.
///
/// Lone surrogates (`"\ud800"`) are kept apart in routes: they are written in the three bytes UTF-8 would give them
/// (WTF-8).

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace nestcpp {

/// The route of a pattern a handler is registered with, given as a value. `true`, `false` and `null` get a route that
/// no message reaches, as in NestJS.
[[nodiscard]] std::string normalize_pattern(const boost::json::value& pattern);

/// The route of a pattern a handler is registered with, given as text: the text of a JSON object or array is that
/// pattern, any other text is a string pattern. As in NestJS some strings cannot be reached by any message, because as
/// JSON they are a value with another route: `true`, `1e3`, `1.0`, `"quoted"`; see `reachable_pattern`.
[[nodiscard]] std::string route_of_text(std::string_view text);

/// Whether a message that carries `text` as its pattern finds the handler registered with `text`.
[[nodiscard]] bool reachable_pattern(std::string_view text);

/// The route of the pattern in a packet. `raw` is the JSON token as it stands in the packet; it must be well-formed
/// JSON. A string is tried as JSON in turn, so that `"5"` and `5`, `"{\"b\":1, \"a\":2}"` and `{"a":2,"b":1}` meet. An
/// absent pattern (empty `raw`) has a route that no handler has.
[[nodiscard]] std::string route_of(std::string_view raw);

/// The same without a copy, for the usual case: true when `raw` is a string literal without escapes that is no JSON
/// itself; `route` is then the part between the quotes. False says nothing: use `route_of`.
[[nodiscard]] bool plain_route(std::string_view raw, std::string_view& route) noexcept;

/// What a handler's context gives as pattern (`ctx.getPattern()`): the string itself, or for other values
/// `JSON.stringify`'s text.
[[nodiscard]] std::string pattern_text(std::string_view raw);

/// `JSON.stringify` of a string: how a route stands in an event's packet. Lone surrogates become `\udxxx`, other
/// ill-formed bytes U+FFFD.
[[nodiscard]] std::string quote_json(std::string_view text);

namespace detail {

/// `String.localeCompare` for ASCII as described above: below, at or above zero.
[[nodiscard]] int compare_pattern_keys(std::string_view a, std::string_view b) noexcept;

}  // namespace detail
}  // namespace nestcpp
