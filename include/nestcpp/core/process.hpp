#pragma once
/// @file nestcpp/core/process.hpp
/// @brief What a service asks of the operating system for its process.

#include <cstdint>

namespace nestcpp {

/// Raises the number of files and sockets this process may have open to the hard limit, as far as the system allows.
/// @return the limit now in force.
std::uint64_t raise_open_files_limit() noexcept;

}  // namespace nestcpp
