#pragma once
/// @file nestcpp/http/compression_options.hpp
/// @brief How answers are compressed: the npm package compression's options.

#include <cstddef>

namespace nestcpp {

struct compression_options {
  /// Bytes below which a body travels as it is. Default: 1024. Streams, whose size is not known, are compressed.
  std::size_t threshold = 1024;
  int level = -1;  ///< zlib's: 1 fast to 9 small. Default: -1 = zlib's default, 6.
};

}  // namespace nestcpp
