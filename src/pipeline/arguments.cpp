#include <nestcpp/pipeline/arguments.hpp>

#include <nestcpp/pipeline/controller.hpp>

#include <string>

namespace nestcpp {

std::string join_paths(std::string_view prefix, std::string_view path) {
  std::string joined;
  for (std::string_view part : {prefix, path}) {
    while (!part.empty() && part.front() == '/') part.remove_prefix(1);
    while (!part.empty() && part.back() == '/') part.remove_suffix(1);
    if (!part.empty()) joined.append("/").append(part);
  }
  return joined.empty() ? "/" : joined;
}

void detail::refuse_parameter(std::string_view expected) {
  throw bad_request_exception{"Validation failed (" + std::string{expected} + " is expected)"};
}

}  // namespace nestcpp
