#include <nestcpp/resilience/detail/refuse.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <fmt/format.h>

namespace nestcpp::detail {

void refuse_value(std::string_view policy, std::string_view member, double value, std::string_view accepted) {
  throw startup_error{fmt::format("{}: {} is {}; {} is accepted.", policy, member, value, accepted)};
}

void refuse_value(std::string_view policy, std::string_view member, std::chrono::milliseconds value,
                  std::string_view accepted) {
  throw startup_error{fmt::format("{}: {} is {} ms; {} is accepted.", policy, member, value.count(), accepted)};
}

}  // namespace nestcpp::detail
