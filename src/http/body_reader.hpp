#pragma once
// Who reads a request's body out of what has come from its connection: the adapters differ in that alone.

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
  /// What makes it ask its reader again: to be called once, from any thread. It keeps the waiter alive until then.
  [[nodiscard]] virtual std::function<void()> wait_for_body() = 0;

 protected:
  ~body_waiter() = default;
};

/// Reads one body, on its connection's loop.
class body_reader {
 public:
  virtual ~body_reader() = default;

  /// Takes a piece of the body as `body_scanner` found it: of chunks all up to the last one, without the empty line
  /// that ends them. What has been read is appended. @return why the request is to be refused, if it is
  [[nodiscard]] virtual std::exception_ptr take(std::string_view wire, std::string& body) = 0;

  enum class status : std::uint8_t { done, failed, later };
  struct end {
    status what;
    std::exception_ptr failure{};  ///< why the request is to be refused
  };
  /// All pieces have been taken. `later`: to be called again when the waiter is.
  [[nodiscard]] virtual end finish(std::string& body) = 0;
};

/// @par Thread safety Safe.
class body_readers {
 public:
  virtual ~body_readers() = default;

  /// @param waiter outlives the reader
  [[nodiscard]] virtual std::unique_ptr<body_reader> make(const body_form& form, body_waiter& waiter) = 0;
};

}  // namespace nestcpp::detail
