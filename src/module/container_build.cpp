#include "module/container_impl.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace nestcpp {

using detail::module_node;
using detail::provider_entry;
using detail::type_id;

namespace {
thread_local resolution* innermost_resolution = nullptr;

// While a class's constructor or factory is asked for and run.
class under_construction {
 public:
  under_construction(resolution& in, provider_entry& entry) : in_{in} { in_.path.push_back(&entry); }
  ~under_construction() { in_.path.pop_back(); }
  under_construction(const under_construction&) = delete;
  under_construction& operator=(const under_construction&) = delete;

 private:
  resolution& in_;
};
}  // namespace

resolution_scope::resolution_scope(container::impl& owner) : mine_{&owner, innermost_resolution} {
  innermost_resolution = &mine_;
}
resolution_scope::~resolution_scope() { innermost_resolution = mine_.outer; }
resolution* resolution_scope::innermost() noexcept { return innermost_resolution; }

owned_instances::~owned_instances() {
  while (!made.empty()) made.pop_back();
}

const detail::instance* owned_instances::find(const provider_entry& entry) const {
  const auto found = std::find_if(made.begin(), made.end(), [&](const auto& each) { return each.first == &entry; });
  return found == made.end() ? nullptr : &found->second;
}

const detail::instance& owned_instances::add(const provider_entry* entry, detail::instance instance) {
  return made.emplace_back(entry, std::move(instance)).second;
}

resolution* container::impl::current() const {
  resolution* each = resolution_scope::innermost();
  while (each != nullptr && each->owner != this) each = each->outer;
  return each;
}

detail::module_graph& container::impl::modules() {
  if (graph) return *graph;
  auto made = std::make_unique<detail::module_graph>(holder, replaced_modules, used_modules);
  for (auto& [token, replacement] : replacements) {
    for (const auto& node : made->nodes()) {
      if (provider_entry* entry = node->own(token)) {
        const scope lifetime = entry->definition.lifetime;
        entry->definition = replacement.definition;
        if (!replacement.definition.is_object) entry->definition.lifetime = lifetime;
        replacement.used = true;
      }
    }
  }
  bool all_singletons = true;
  for (const auto& node : made->nodes()) {
    node->ref.emplace(self, node.get());
    for (const detail::provider_entries* part : {&node->providers, &node->controllers}) {
      for (const auto& entry : *part) {
        all_singletons = all_singletons && entry->definition.lifetime == scope::singleton;
      }
    }
  }
  graph = std::move(made);
  if (!all_singletons) learn_scopes();
  return *graph;
}

module_node& container::impl::home_of(const resolution& in) {
  module_node* home = in.path.empty() ? nullptr : in.path.back()->home;
  return home != nullptr ? *home : modules().root();
}

provider_entry* container::impl::look_up(type_id token, module_node* home) {
  detail::module_graph& all = modules();
  if (home == nullptr) {
    const resolution* in = current();
    if (in != nullptr && !in->path.empty()) home = in->path.back()->home;
  }
  if (provider_entry* found = home ? all.visible(*home, token) : all.anywhere(token)) return found;
  const auto value = framework_values.find(token);
  return value == framework_values.end() ? nullptr : value->second.get();
}

void container::impl::refuse_cycle(const provider_entry& entry, const resolution& in) {
  const auto first = std::find_if(in.path.begin(), in.path.end(),
                                  [&](const provider_entry* each) { return each->is_same_provider(entry); });
  if (first == in.path.end()) return;
  throw startup_error{fmt::format(
      "nestcpp can't build {}: its dependencies form a cycle: {} (in {}). Break it: move what they share "
      "into a provider of its own, or hand one of them the other in on_module_init().",
      entry.name(), path_to(in, entry.name(), static_cast<std::size_t>(first - in.path.begin())), entry.home->name)};
}

detail::instance container::impl::make(provider_entry& entry, resolution& in) {
  refuse_cycle(entry, in);
  const under_construction now{in, entry};
  detail::instance made = entry.definition.create(self);
  if (made.token == nullptr) {
    throw startup_error{
        fmt::format("nestcpp: the factory of {} in {} returned a null pointer. It must return an object, or "
                    "throw what is wrong.",
                    entry.name(), entry.home->name)};
  }
  return made;
}

void* container::impl::build(provider_entry& entry, resolution& in) {
  if (entry.progress != provider_entry::state::built) {
    built.reserve(built.size() + in.path.size() + 1);  // so that nothing throws once the object is there
    entry.made = make(entry, in);
    entry.progress = provider_entry::state::built;
    built.push_back(&entry);
  }
  const bool starting = in.call == nullptr && in.parts == nullptr;  // else other threads may be at it
  if (starting && !in.path.empty() && entry.home != nullptr) {
    provider_entry& dependent = *in.path.back();
    dependent.level = std::max(dependent.level, entry.level + 1);
  }
  return entry.made.token;
}

namespace {
// Who keeps a transient instance: the call, if something that the call keeps asks for it; else who asked a module_ref,
// so that a call which asks again and again does not grow. Null: the container.
owned_instances* keeper_of_transient(const resolution& in) {
  const auto begun = in.path.begin() + static_cast<std::ptrdiff_t>(in.begun);
  const bool for_asker = in.parts != nullptr && std::none_of(begun, in.path.end(), [](const provider_entry* each) {
                           return each->is_per_call() && !each->is_transient();
                         });
  if (for_asker || in.call == nullptr) return in.parts;
  return &in.call->contents().instances;
}
}  // namespace

void* container::impl::provide_for_call(provider_entry& entry, resolution& in) {
  if (in.call == nullptr) {
    if (!scopes_known && !all_built) throw scopes_needed{};
    report_no_call(entry, in);
  }
  call_instances::state& call = in.call->contents();
  if (entry.of_call) return entry.of_call(call.context);
  if (entry.is_transient()) {
    detail::instance made = make(entry, in);
    return keeper_of_transient(in)->add(nullptr, std::move(made)).token;
  }
  if (const detail::instance* known = call.instances.find(entry)) return known->token;
  detail::instance made = make(entry, in);
  return call.instances.add(&entry, std::move(made)).token;
}

void* container::impl::provide_transient(provider_entry& entry, resolution& in) {
  if (owned_instances* owner = keeper_of_transient(in)) {
    detail::instance made = make(entry, in);
    return owner->add(nullptr, std::move(made)).token;
  }
  refuse_cycle(entry, in);
  auto one = std::make_unique<provider_entry>(provider_entry{entry.definition, entry.home});
  one->origin = &entry;
  provider_entry& kept = *entry.home->transients.emplace_back(std::move(one));
  return build(kept, in);
}

void* container::impl::provide(provider_entry& entry, resolution& in) {
  if (entry.is_per_call()) return provide_for_call(entry, in);
  if (entry.is_transient()) return provide_transient(entry, in);
  return build(entry, in);
}

void* container::impl::answer(type_id token, bool required) {
  if (token == detail::type_id_of<container>) return &self;
  resolution* const in = current();
  if (in == nullptr) return self.find(token, nullptr, required);  // outside of any construction
  if (token == detail::type_id_of<module_ref>) return &*home_of(*in).ref;
  provider_entry* entry = look_up(token, nullptr);
  if (entry == nullptr) {
    if (required) report_missing(token, nullptr);
    return nullptr;
  }
  void* object = provide(*entry, *in);
  if (object == nullptr && required) {
    throw std::logic_error{
        fmt::format("{} asks for {}, which this call does not have: it is of the other kind. Ask for "
                    "{}*, null there, or for execution_context.",
                    in->path.back()->name(), token->name, token->name)};
  }
  return object;
}

void container::impl::build_all() {
  if (all_built) return;
  const logger log{"InstanceLoader"};
  resolve([&](resolution& in) {
    detail::module_graph& all = modules();
    for (auto node = all.nodes().rbegin(); node != all.nodes().rend(); ++node) {
      for (const detail::provider_entries* part : {&(*node)->providers, &(*node)->controllers}) {
        for (const auto& entry : *part) {
          if (entry->is_per_call() || entry->is_transient()) {
            check_for_calls(*entry, in);
          } else {
            build(*entry, in);
          }
        }
      }
    }
    return true;
  });
  for (auto node = graph->nodes().rbegin(); node != graph->nodes().rend(); ++node) {
    log.info("{} dependencies initialized", (*node)->name);
  }
  all_built = true;
}

std::string container::impl::path_to(const resolution& in, std::string_view end, std::size_t from) {
  std::string path;
  for (; from < in.path.size(); ++from) path.append(in.path[from]->name()).append(" -> ");
  return path.append(end);
}

void container::impl::report_missing(type_id token, const module_node* home) {
  const std::string_view name = token->name;
  const resolution* in = current();
  const std::string used_by =
      in != nullptr && !in->used_by.empty() ? fmt::format(" (used by {})", in->used_by) : std::string{};
  if (in != nullptr && !in->path.empty()) {
    const provider_entry& asking = *in->path.back();
    if (home == nullptr) home = asking.home;
    const std::string path = in->path.size() > 1 ? fmt::format(" (path: {})", path_to(*in, name)) : std::string{};
    throw startup_error{fmt::format("nestcpp can't resolve dependencies of {}{}: {}{} is not provided in {}. {}",
                                    asking.name(), used_by, name, path, home->name, modules().way_out(*home, token))};
  }
  if (home != nullptr) {
    throw startup_error{fmt::format("nestcpp can't resolve {0}{3} in {1}: it is not provided there. {2}", name,
                                    home->name, modules().way_out(*home, token), used_by)};
  }
  throw startup_error{fmt::format(
      "nestcpp can't resolve {0}: no module provides it. Provide it with provide<{0}>() in a module.", name)};
}

}  // namespace nestcpp
