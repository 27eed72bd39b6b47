// Which classes each call needs for itself: those with scope::request, and all that depend on one of these or on the
// call's context. Constructors are deduced, so what one asks for is known to the compiler's overload resolution only:
// they are asked without being run, the last answer being an exception.
#include "module/container_impl.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace nestcpp {

using detail::provider_entry;
using detail::type_id;

namespace {

struct all_asked {};

// What references are bound to while a constructor is only asked.
void* nowhere() {
  alignas(256) static char place[256];
  return place;
}

}  // namespace

void container::impl::list_dependencies(provider_entry& entry) {
  entry.dependencies.clear();
  if (entry.of_call || (!entry.definition.ask && entry.definition.questions <= 0)) return;
  resolution_scope scope{*this};
  scope.get().what = resolution::purpose::list_dependencies;
  scope.get().questions_left = entry.definition.ask ? 0 : entry.definition.questions;
  scope.get().path.push_back(&entry);
  if (entry.definition.ask) return entry.definition.ask(self);
  try {
    static_cast<void>(entry.definition.create(self));
  } catch (const all_asked&) {
  }
}

// Answers anything, and notes the question.
static void* note_question(container::impl& all, resolution& in, type_id token, bool required) {
  provider_entry& asking = *in.path.back();
  if (token != detail::type_id_of<container> && token != detail::type_id_of<module_ref>) {
    asking.dependencies.push_back({token, all.look_up(token, nullptr), required});
  }
  if (in.questions_left > 0 && --in.questions_left == 0) throw all_asked{};
  return nowhere();
}

static bool joins_calls(provider_entry& entry) {
  if (entry.depends_on_call) return false;
  entry.depends_on_call = entry.definition.lifetime == scope::request ||
                          std::ranges::any_of(entry.dependencies, [](const provider_entry::dependency& each) {
                            return each.entry != nullptr && each.entry->is_per_call();
                          });
  return entry.depends_on_call;
}

void container::impl::learn_scopes() {
  scopes_known = true;
  std::vector<provider_entry*> all;
  for (const auto& node : modules().nodes()) {
    for (const detail::provider_entries* part : {&node->providers, &node->controllers, &node->created}) {
      for (const auto& entry : *part) all.push_back(entry.get());
    }
  }
  for (provider_entry* each : all) list_dependencies(*each);
  for (bool changed = true; changed;) {  // not in the order of dependencies: there may be cycles, reported later
    changed = false;
    for (provider_entry* each : all) changed = joins_calls(*each) || changed;
  }
}

void container::impl::learn_scope(provider_entry& entry) {
  if (!scopes_known) return;
  list_dependencies(entry);
  joins_calls(entry);
}

void container::impl::check_for_calls(provider_entry& entry, resolution& in) {
  if (entry.of_call) return;
  refuse_cycle(entry, in);
  if (!entry.is_per_call() && !entry.is_transient()) {
    build(entry, in);
    return;
  }
  in.path.push_back(&entry);
  for (const auto& each : entry.dependencies) {
    if (each.entry != nullptr) {
      check_for_calls(*each.entry, in);
    } else if (each.required) {
      report_missing(each.token, nullptr);
    }
  }
  in.path.pop_back();
}

std::string container::impl::path_to_call(const provider_entry& entry) {
  std::string path{entry.name()};
  const provider_entry* at = &entry;
  while (!at->of_call && at->definition.lifetime != scope::request) {
    const auto next = std::find_if(at->dependencies.begin(), at->dependencies.end(),
                                   [](const auto& each) { return each.entry != nullptr && each.entry->is_per_call(); });
    if (next == at->dependencies.end()) break;
    at = next->entry;
    path.append(" -> ").append(at->name());
  }
  return path;
}

void container::impl::report_no_call(const provider_entry& entry, const resolution& in) {
  const std::string path = path_to(in, path_to_call(entry), in.begun);
  constexpr std::string_view arrow = " -> ";
  const std::size_t at = path.rfind(arrow);
  const std::string last = at == std::string::npos ? path : path.substr(at + arrow.size());
  if (in.for_decorator) {
    const std::string_view asked = in.path.size() == in.begun ? entry.name() : in.path[in.begun]->name();
    throw startup_error{fmt::format(
        "nestcpp can't build {}{}: it depends on what each call has of its own: {}. Guards, interceptors, pipes and "
        "filters are built once. Let it take nest::module_ref& and call resolve<{}>() while it serves a call.",
        asked, in.used_by.empty() ? std::string{} : fmt::format(" (used by {})", in.used_by), path, last)};
  }
  throw startup_error{fmt::format(
      "nestcpp can't give {} here: each call has its own (path: {}), and no call is being served. Take it in a "
      "constructor, or ask nest::module_ref for it with resolve<{}>() while a call is served.",
      entry.name(), path, entry.name())};
}

namespace detail {

namespace {
void* ask_container(container::impl& all, type_id token, bool required) {
  resolution* const in = all.current();
  if (in != nullptr && in->what == resolution::purpose::list_dependencies) {
    return note_question(all, *in, token, required);
  }
  return all.answer(token, required);
}
}  // namespace

void* inject(container& from, type_id token) { return ask_container(*from.impl_, token, true); }
void* inject_optional(container& from, type_id token) { return ask_container(*from.impl_, token, false); }

}  // namespace detail
}  // namespace nestcpp
