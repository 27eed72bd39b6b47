#include "module/container_impl.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace nestcpp {

using detail::module_node;
using detail::provider_entry;
using detail::type_id;

detail::module_graph& container::impl::modules() {
  if (graph) return *graph;
  auto made = std::make_unique<detail::module_graph>(holder);
  for (auto& [token, replacement] : replacements) {
    for (const auto& node : made->nodes()) {
      if (provider_entry* entry = node->own(token)) {
        entry->definition = replacement.definition;
        replacement.used = true;
      }
    }
  }
  graph = std::move(made);
  return *graph;
}

provider_entry* container::impl::look_up(type_id token, module_node* home) {
  detail::module_graph& all = modules();
  if (home == nullptr && !under_construction.empty()) home = under_construction.back()->home;
  if (provider_entry* found = home ? all.visible(*home, token) : all.anywhere(token)) return found;
  const auto value = framework_values.find(token);
  return value == framework_values.end() ? nullptr : value->second.get();
}

void* container::impl::build(provider_entry& entry) {
  using state = provider_entry::state;
  if (entry.progress == state::building) {
    const auto first = std::find(under_construction.begin(), under_construction.end(), &entry);
    const auto from = static_cast<std::size_t>(first - under_construction.begin());
    throw startup_error{
        fmt::format("nestcpp can't build {}: its dependencies form a cycle: {} (in {}). Break it: move what they share "
                    "into a provider of its own, or hand one of them the other in on_module_init().",
                    entry.name(), path_to(entry.name(), from), entry.home->name)};
  }
  if (entry.progress == state::untouched) {
    struct construction {
      impl& owner;
      provider_entry& what;
      construction(impl& all, provider_entry& begun) : owner{all}, what{begun} {
        owner.under_construction.push_back(&what);
        what.progress = state::building;
      }
      ~construction() {
        owner.under_construction.pop_back();
        what.progress = what.made.token ? state::built : state::untouched;
      }
    };
    construction scope{*this, entry};
    built.reserve(built.size() + under_construction.size());  // so that nothing throws once the object is there
    detail::instance made = entry.definition.create(self);
    if (made.token == nullptr) {
      throw startup_error{
          fmt::format("nestcpp: the factory of {} in {} returned a null pointer. It must return an object, or "
                      "throw what is wrong.",
                      entry.name(), entry.home->name)};
    }
    entry.made = std::move(made);
    built.push_back(&entry);
  }
  if (!under_construction.empty() && entry.home != nullptr) {
    provider_entry& dependent = *under_construction.back();
    dependent.level = std::max(dependent.level, entry.level + 1);
  }
  return entry.made.token;
}

void container::impl::build_all() {
  if (all_built) return;
  detail::module_graph& all = modules();
  const logger log{"InstanceLoader"};
  for (auto node = all.nodes().rbegin(); node != all.nodes().rend(); ++node) {
    for (const auto& entry : (*node)->providers) build(*entry);
    for (const auto& entry : (*node)->controllers) build(*entry);
    log.info("{} dependencies initialized", (*node)->name);
  }
  all_built = true;
}

std::string container::impl::path_to(std::string_view end, std::size_t from) const {
  std::string path;
  for (; from < under_construction.size(); ++from) path.append(under_construction[from]->name()).append(" -> ");
  return path.append(end);
}

void container::impl::report_missing(type_id token, const module_node* home) {
  const std::string_view name = token->name;
  if (!under_construction.empty()) {
    const provider_entry& asking = *under_construction.back();
    if (home == nullptr) home = asking.home;
    const std::string path = under_construction.size() > 1 ? fmt::format(" (path: {})", path_to(name)) : std::string{};
    throw startup_error{fmt::format("nestcpp can't resolve dependencies of {}: {}{} is not provided in {}. {}",
                                    asking.name(), name, path, home->name, modules().way_out(*home, token))};
  }
  if (home != nullptr) {
    throw startup_error{fmt::format("nestcpp can't resolve {0} in {1}: it is not provided there. {2}", name, home->name,
                                    modules().way_out(*home, token))};
  }
  throw startup_error{fmt::format(
      "nestcpp can't resolve {0}: no module provides it. Provide it with provide<{0}>() in a module.", name)};
}

void container::impl::check_replacements() const {
  for (const auto& [token, replacement] : replacements) {
    if (replacement.used) continue;
    throw startup_error{
        fmt::format("nestcpp: override_provider<{0}>() replaces nothing: no module provides {0}.", token->name)};
  }
}

container::container(detail::module_holder root) : impl_{std::make_unique<impl>(*this, std::move(root))} {}

container::~container() {
  for (auto entry = impl_->built.rbegin(); entry != impl_->built.rend(); ++entry) (*entry)->made = {};
}

void container::add_framework_value(type_id token, detail::instance value) {
  if (impl_->all_built) {
    throw startup_error{fmt::format("nestcpp: add_value<{}>() comes too late: everything is built.", token->name)};
  }
  auto entry = std::make_unique<provider_entry>(provider_entry{{token, token->name, {}}, nullptr, std::move(value)});
  entry->progress = provider_entry::state::built;
  if (!impl_->framework_values.emplace(token, std::move(entry)).second) {
    throw startup_error{fmt::format("nestcpp: add_value<{0}>() was called twice for {0}.", token->name)};
  }
}

void container::replace(detail::provider_definition replacement) {
  if (impl_->graph) {
    throw startup_error{fmt::format(
        "nestcpp: override_provider<{}>() comes too late: the container has begun to build.", replacement.token->name)};
  }
  impl_->replacements.insert_or_assign(replacement.token, impl::replacement{replacement});
}

void container::build_all() { impl_->build_all(); }

void* container::find(type_id token, module_id home, bool required) {
  provider_entry* entry = impl_->look_up(token, home);
  if (entry != nullptr) return impl_->build(*entry);
  if (required) impl_->report_missing(token, home);
  return nullptr;
}

void* container::find_or_create(detail::provider_definition definition, module_id home) {
  const type_id token = definition.token;
  if (provider_entry* entry = impl_->look_up(token, home)) return impl_->build(*entry);
  if (const auto known = impl_->created.find(token); known != impl_->created.end()) return impl_->build(*known->second);
  if (const auto found = impl_->replacements.find(token); found != impl_->replacements.end()) {
    definition = found->second.definition;
    found->second.used = true;
  }
  provider_entry& entry =
      *home->created.emplace_back(std::make_unique<provider_entry>(provider_entry{std::move(definition), home}));
  impl_->created.emplace(token, &entry);
  return impl_->build(entry);
}

std::vector<controller_record> container::controllers() {
  impl_->build_all();
  std::vector<controller_record> records;
  for (const auto& node : impl_->modules().nodes()) {
    for (const auto& entry : node->controllers) {
      records.push_back(
          {entry->name(), node->name, node.get(), entry->made.token, entry->definition.register_controller});
    }
  }
  return records;
}

module_id container::building() {
  return impl_->under_construction.empty() ? root() : impl_->under_construction.back()->home;
}

module_id container::root() { return &impl_->modules().root(); }

namespace detail {

void* inject(container& from, type_id token) { return from.find(token, nullptr, true); }
void* inject_optional(container& from, type_id token) { return from.find(token, nullptr, false); }

}  // namespace detail
}  // namespace nestcpp
