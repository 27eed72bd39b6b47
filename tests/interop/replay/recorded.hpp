#pragma once
/// @file
/// The recorded sessions of tests/data/nestjs_tcp_vectors.jsonl.

#include <string>
#include <string_view>
#include <vector>

namespace replay {

/// One session: both directions, as bytes.
struct session {
  std::string name;
  std::string nest;                 ///< "12", or "11/12": client and server
  std::string setup;                ///< who talked with whom
  std::vector<std::string> chunks;  ///< what the client wrote, piece by piece
  std::string replies;              ///< what the server wrote
  std::string client_notes, server_notes;

  [[nodiscard]] std::string sent() const;
  /// "e2e_value of 11/12".
  [[nodiscard]] std::string label() const { return name + " of " + nest; }
};

/// In the order in which they were recorded. @throws std::runtime_error where the file is not as it should be
const std::vector<session>& sessions();

/// Bytes as the file has them: printable ASCII as it is, the rest `\xHH`.
[[nodiscard]] std::string escaped(std::string_view bytes);

}  // namespace replay
