#pragma once

#include <cstddef>
#include <string_view>

namespace nestcpp::detail {

// Names the calling thread "<name>-<index>" for ps, top and debuggers; the name is shortened to what the system takes.
void name_this_thread(std::string_view name, std::size_t index);

}  // namespace nestcpp::detail
