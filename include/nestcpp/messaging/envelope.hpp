#pragma once
/// @file nestcpp/messaging/envelope.hpp
/// @brief NestJS's packets: reading a request's or reply's envelope in one pass without a document, and writing both.
///
/// Members stay raw JSON tokens (`std::string_view` into the text, without surrounding whitespace); an empty view means
/// the key is absent. All of the text is checked to be JSON. Keys come in any order, unknown ones are ignored, of
/// duplicates the last counts. As NestJS reads `value || {}`, every other JSON value than an object has no members.

#include <nestcpp/messaging/frame.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace nestcpp {

/// What a client sends: `{"pattern":…,"data":…,"metadata":…,"id":…}`.
struct request_envelope {
  std::string_view pattern, data, id, metadata;

  /// A request has an `id`, whatever its value (`null` and `""` count); otherwise it is an event.
  [[nodiscard]] bool is_request() const noexcept { return !id.empty(); }
  [[nodiscard]] bool has_pattern() const noexcept { return !pattern.empty(); }
  [[nodiscard]] bool has_data() const noexcept { return !data.empty(); }
  /// Neither pattern nor data: no NestJS packet. Such a message is an event without a pattern, never answered;
  /// `scan_request` has dropped its id already.
  [[nodiscard]] bool external() const noexcept { return pattern.empty() && data.empty(); }
};

/// Reads a request or event. False if `text` is not JSON: `error` then says what V8's `JSON.parse` would say.
[[nodiscard]] bool scan_request(std::string_view text, request_envelope& out, std::string& error);

/// What a client does with a reply.
enum class reply_action : std::uint8_t {
  next,           ///< the value `value()` arrived, more may follow
  next_complete,  ///< the value `value()` arrived, nothing follows
  complete,       ///< nothing (more) arrived
  error,          ///< `err` is the error, nothing follows
};

/// Whose client's rules to follow for packets outside the protocol (§ "foreign" below). The well-formed ones read the
/// same.
enum class reply_rules : std::uint8_t {
  v12,  ///< any unknown key makes the packet a value of its own; `{"id":…}` alone is a value that is undefined
  v11,  ///< unknown keys are ignored; a packet without response, err and isDisposed is a value of its own
};

/// What a server sends: `{"response":…,"err":…,"isDisposed":…,"id":…,"status":…}`.
struct reply_envelope {
  std::string_view id;        ///< empty: belongs to nobody, to be ignored
  std::string_view response;  ///< empty: no value
  std::string_view err;       ///< as it stands, also when it is falsy and thus no error
  std::string_view text;      ///< the whole packet, without surrounding whitespace
  bool is_disposed{false};    ///< the truth value of `isDisposed`
  bool failed{false};         ///< the truth value of `err`
  bool foreign{false};        ///< not NestJS's envelope by the rules asked for: the packet itself is the value

  [[nodiscard]] reply_action action() const noexcept {
    if (foreign) return reply_action::next_complete;
    if (failed) return reply_action::error;
    if (!is_disposed) return reply_action::next;
    return response.empty() ? reply_action::complete : reply_action::next_complete;
  }
  /// The value of `next` and `next_complete`; empty for JavaScript's undefined.
  [[nodiscard]] std::string_view value() const noexcept { return foreign ? text : response; }
};

/// Reads a reply. False if `text` is not JSON, as for `scan_request`.
[[nodiscard]] bool scan_reply(std::string_view text, reply_envelope& out, std::string& error,
                              reply_rules rules = reply_rules::v12);

// ---- writers: each appends one whole frame; every argument but `out` is a JSON token
// ----------------------------------

/// Requests carry the pattern as it is written by the user. Empty `data` or `metadata`: the key is left out.
void append_request(std::string& out, std::string_view pattern, std::string_view data, std::string_view metadata,
                    std::string_view id);
/// Events carry their route as a string: `pattern` is `quote_json(route)`.
void append_event(std::string& out, std::string_view pattern, std::string_view data, std::string_view metadata = {});

/// `{"response":value,"isDisposed":true,"id":id}`; without `disposed` more values follow.
void append_reply_value(std::string& out, std::string_view value, std::string_view id, bool disposed = true);
/// `{"isDisposed":true,"id":id}`: done without a value. Without `disposed` it is `{"id":id}`, an undefined value within
/// a stream, which NestJS 11 clients misread as the end.
void append_reply_none(std::string& out, std::string_view id, bool disposed = true);
/// `{"err":err,"isDisposed":true,"id":id}`.
void append_reply_error(std::string& out, std::string_view err, std::string_view id);
/// `{"id":id,"status":"error","err":"There is no matching message handler defined in the remote service."}`.
void append_reply_no_handler(std::string& out, std::string_view id);

/// `append_reply_value` with the value written straight into the output:
///
///     reply_writer reply{out};
///     write_json(reply.json(), dto);
///     reply.finish(id);
///
/// Destroyed without `finish()` (the value's writer threw) it takes back what was written.
class reply_writer {
 public:
  explicit reply_writer(std::string& out);

  /// The output; append the value's JSON to it, exactly one value.
  [[nodiscard]] std::string& json() noexcept { return frame_.json(); }
  void finish(std::string_view id, bool disposed = true);

 private:
  frame_writer frame_;
};

// ---- ids
// -------------------------------------------------------------------------------------------------------------

/// A request's id: 21 lower-case hex characters.
struct request_id {
  std::uint64_t key;                ///< tells the ids of one generator apart
  std::array<char, 23> characters;  ///< with the quotes

  /// The JSON token, quotes included.
  [[nodiscard]] std::string_view token() const noexcept { return {characters.data(), characters.size()}; }
  [[nodiscard]] std::string_view text() const noexcept { return token().substr(1, 21); }
};

/// Makes ids that look like NestJS's but are all different: within a process no id comes twice (2^20 generators, 2^64
/// ids each), and between processes with a chance of 2^-84 for a pair. NestJS's generator slides a window over a random
/// block, so that one id shows 20 of the 21 characters of the next; here consecutive ids have nothing in common. They
/// are still no secrets. Not thread-safe: one per client.
class request_id_generator {
 public:
  request_id_generator();

  [[nodiscard]] request_id next() noexcept;

  /// Whether the raw JSON token in a reply has the form of this generator's ids; `key` is then what `next()` gave with
  /// it.
  [[nodiscard]] bool recognize(std::string_view token, std::uint64_t& key) const noexcept;

 private:
  std::uint64_t count_{0};
  std::uint64_t secrets_[2];
  std::array<char, 6> prefix_;  // the opening quote and 5 characters
};

}  // namespace nestcpp
