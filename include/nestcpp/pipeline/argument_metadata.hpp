#pragma once
/// @file nestcpp/pipeline/argument_metadata.hpp
/// @brief What a pipe is told about the argument it is given.

#include <string_view>

namespace nestcpp {

/// Which argument a pipe is given.
struct argument_metadata {
  enum class source { body, path, query, header, custom } type;
  std::string_view data;  ///< the parameter's name; empty for a body and for what a parameter_extractor made
};

}  // namespace nestcpp
