#include "module/container_impl.hpp"

#include <nestcpp/core/log.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <limits>
#include <map>

namespace nestcpp {
namespace {

using detail::module_node;
using detail::provider_entries;
using detail::provider_entry;

struct lifecycle_step {
  void* object;
  const detail::lifecycle_hooks* hooks;
  std::string_view name;
};

void add_step(std::vector<lifecycle_step>& steps, void* object, const detail::lifecycle_hooks* hooks,
              std::string_view name) {
  if (object == nullptr || hooks == nullptr) return;
  // An object may be provided under several names; its hooks are called once.
  const bool known = std::any_of(steps.begin(), steps.end(), [&](const lifecycle_step& step) {
    return step.object == object && step.hooks == hooks;
  });
  if (!known) steps.push_back({object, hooks, name});
}

void add_module(std::vector<lifecycle_step>& steps, const module_node& node, bool starting) {
  std::multimap<int, const provider_entry*> by_level;  // equal keys keep the order in which they come
  for (const provider_entries* part : {&node.controllers, &node.providers, &node.created, &node.transients}) {
    for (const auto& entry : *part) {
      if (entry->progress == provider_entry::state::built) {
        by_level.emplace(starting ? entry->level : -entry->level, entry.get());
      }
    }
  }
  for (const auto& [level, entry] : by_level) add_step(steps, entry->made.object, entry->made.hooks, entry->name());
  add_step(steps, node.definition->object, node.definition->hooks, node.name);
}

// Without a graph nothing was ever built: there is nothing to call.
std::vector<lifecycle_step> order_steps(const std::unique_ptr<detail::module_graph>& graph, bool starting) {
  if (!graph) return {};
  std::multimap<int, const module_node*, std::greater<>> by_distance;
  for (const auto& node : graph->nodes()) {
    by_distance.emplace(node->global() ? std::numeric_limits<int>::max() : node->distance, node.get());
  }
  std::vector<const module_node*> nodes;
  for (const auto& [distance, node] : by_distance) nodes.push_back(node);
  if (!starting) std::reverse(nodes.begin(), nodes.end());
  std::vector<lifecycle_step> steps;
  for (const module_node* node : nodes) add_module(steps, *node, starting);
  return steps;
}

const detail::lifecycle_hook& hook_of(const lifecycle_step& step, lifecycle_phase phase) {
  return (*step.hooks)[static_cast<std::size_t>(phase)];
}

std::string describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

task<void> run_start(std::vector<lifecycle_step> steps, lifecycle_phase phase) {
  for (const lifecycle_step& step : steps) {
    const detail::lifecycle_hook& hook = hook_of(step, phase);
    if (hook.plain) hook.plain(step.object, {});
    if (hook.awaited) co_await hook.awaited(step.object, {});
  }
}

task<void> run_stop(std::vector<lifecycle_step> steps, lifecycle_phase phase, std::string signal) {
  for (const lifecycle_step& step : steps) {
    const detail::lifecycle_hook& hook = hook_of(step, phase);
    std::exception_ptr failure;
    try {
      if (hook.plain) hook.plain(step.object, signal);
      if (hook.awaited) co_await hook.awaited(step.object, signal);
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      logger{"NestApplicationContext"}.error("Error happened during shutdown in {}.{}(): {}", step.name,
                                             hook_name(phase), describe(failure));
    }
  }
}

}  // namespace

task<void> container::run_init() {
  impl_->build_all();
  impl_->check_replacements();
  return run_start(order_steps(impl_->graph, true), lifecycle_phase::module_init);
}

task<void> container::run_bootstrap() {
  return run_start(order_steps(impl_->graph, true), lifecycle_phase::application_bootstrap);
}

task<void> container::run_module_destroy() {
  return run_stop(order_steps(impl_->graph, false), lifecycle_phase::module_destroy, {});
}

task<void> container::run_before_shutdown(std::string signal) {
  return run_stop(order_steps(impl_->graph, false), lifecycle_phase::before_application_shutdown, std::move(signal));
}

task<void> container::run_shutdown(std::string signal) {
  return run_stop(order_steps(impl_->graph, false), lifecycle_phase::application_shutdown, std::move(signal));
}

}  // namespace nestcpp
