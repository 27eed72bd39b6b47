#include <nestcpp/app/global_enhancers.hpp>

#include <algorithm>

namespace nestcpp {

namespace {
template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}
}  // namespace

enhancers& global_enhancers::of(module_id home) {
  const auto known = std::ranges::find(added_, home, &std::pair<module_id, enhancers>::first);
  return known != added_.end() ? known->second : added_.emplace_back(home, enhancers{}).second;
}

void global_enhancers::collect(const std::vector<module_id>& modules) {
  for (const module_id each : modules) {
    const enhancers& added = of(each);
    append(all.guards, added.guards);
    append(all.interceptors, added.interceptors);
    append(all.pipes, added.pipes);
    append(all.filters, added.filters);
    if (!all.validation) all.validation = added.validation;
  }
}

}  // namespace nestcpp
