#pragma once
// Link counting_new.cpp to count what a program takes from the heap with `new`.

#include <cstdint>

namespace bench {

// Since the program's start, of all threads.
[[nodiscard]] std::uint64_t allocations() noexcept;

}  // namespace bench
