#pragma once
// Who reads a request's body out of what comes from its connection: the adapters differ in that alone.

#include "http/content_coding.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// How a body comes.
struct body_form {
  std::optional<std::uint64_t> content_length;  ///< nullopt: in chunks
  content_coding coding = content_coding::none;
  std::size_t limit = 0;  ///< bytes that it may have, decoded
};

/// Undoes a body's coding, within its limit.
class body_decoder {
 public:
  explicit body_decoder(const body_form& form);

  /// Appends what the piece stands for. @return why the request is to be refused, if it is
  [[nodiscard]] std::exception_ptr take(std::string_view piece, std::string& body);
  /// @return the same, where the data is not complete
  [[nodiscard]] std::exception_ptr finish() const;

 private:
  std::size_t limit_;
  std::optional<content_decoder> decoder_;
};

/// Who waits for a body.
class body_waiter {
 public:
  /// What makes it ask the reader again. To be called once, from any thread; it keeps the waiter alive until then.
  [[nodiscard]] virtual std::function<void()> wait_for_body() = 0;

 protected:
  ~body_waiter() = default;
};

/// Reads one body. Used on the connection's loop.
class body_reader {
 public:
  virtual ~body_reader() = default;

  enum class status : std::uint8_t {
    goes_on,     ///< there is more to do with the input that is left
    needs_more,  ///< than the input holds
    full,        ///< nothing is taken until the waiter is called
    done,
    failed,
  };
  struct progress {
    std::size_t used;  ///< bytes of the input
    status what;
    std::exception_ptr failure{};  ///< why the request is to be refused
  };
  /// Takes what the input holds of the body.
  /// @param body what has been read, at the latest with `done`
  [[nodiscard]] virtual progress feed(std::string_view input, std::string& body) = 0;
  /// Nothing more will come. True: the waiter is called when what was fed has been read.
  [[nodiscard]] virtual bool end_of_input() { return false; }
  /// Once, after `done`: what has been fed and is not of the body.
  [[nodiscard]] virtual std::string take_rest() { return {}; }
};

/// @par Thread safety Safe.
class body_readers {
 public:
  virtual ~body_readers() = default;

  /// @param waiter owns the reader
  [[nodiscard]] virtual std::unique_ptr<body_reader> make(const body_form& form, body_waiter& waiter) = 0;
  /// Ends all threads. Bodies still being read fail.
  virtual void close() {}
};

}  // namespace nestcpp::detail
