#pragma once
// What a policy says of a value that it cannot use.

#include <chrono>
#include <string_view>

namespace nestcpp::detail {

// Throws startup_error: "bulkhead: max_concurrent is 0; 1 or more is accepted.". Not constexpr, so that a value that is
// wrong in a constant, as in NEST_SEND, does not compile.
[[noreturn]] void refuse_value(std::string_view policy, std::string_view member, double value,
                               std::string_view accepted);
[[noreturn]] void refuse_value(std::string_view policy, std::string_view member, std::chrono::milliseconds value,
                               std::string_view accepted);

}  // namespace nestcpp::detail
