#include "module/container_impl.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nestcpp {

using detail::provider_entry;
using detail::type_id;

container::container(detail::module_holder root) : impl_{std::make_unique<impl>(*this, std::move(root))} {}

container::~container() {
  for (auto entry = impl_->built.rbegin(); entry != impl_->built.rend(); ++entry) (*entry)->made = {};
}

void container::impl::check_replacements() const {
  for (const auto& [token, replacement] : replacements) {
    if (replacement.used) continue;
    throw startup_error{
        fmt::format("nestcpp: override_provider<{0}>() replaces nothing: no module provides {0}.", token->name)};
  }
  for (const auto& [type, replacement] : replaced_modules) {
    if (used_modules.contains(type)) continue;
    throw startup_error{
        fmt::format("nestcpp: override_module<{0}>() replaces nothing: no module imports {0}.", type->name)};
  }
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

void container::add_call_value(type_id token, std::function<void*(void*)> of) {
  auto entry = std::make_unique<provider_entry>(provider_entry{{token, token->name, {}}, nullptr});
  entry->of_call = std::move(of);
  impl_->framework_values.insert_or_assign(token, std::move(entry));
}

void container::set_current_call(std::function<call_instances*()> current) { impl_->current_call = std::move(current); }

void container::replace(detail::provider_definition replacement) {
  if (impl_->graph) {
    throw startup_error{fmt::format(
        "nestcpp: override_provider<{}>() comes too late: the container has begun to build.", replacement.token->name)};
  }
  impl_->replacements.insert_or_assign(replacement.token, impl::replacement{replacement});
}

void container::replace_module(type_id type, detail::module_holder replacement) {
  if (impl_->graph) {
    throw startup_error{
        fmt::format("nestcpp: override_module<{}>() comes too late: the container has begun to build.", type->name)};
  }
  impl_->replaced_modules.insert_or_assign(type, std::move(replacement));
}

void container::build_all() { impl_->build_all(); }

void* container::find(type_id token, module_id home, bool required) {
  return impl_->resolve([&](resolution& in) -> void* {
    provider_entry* entry = impl_->look_up(token, home);
    if (entry == nullptr) {
      if (required) impl_->report_missing(token, home);
      return nullptr;
    }
    if (entry->is_transient() && in.path.size() == in.begun && in.call == nullptr) {
      throw startup_error{
          fmt::format("nestcpp can't give {0} here: it is transient, whoever asks for it gets its own. Take it in a "
                      "constructor, or "
                      "ask nest::module_ref for it with resolve<{0}>().",
                      token->name)};
    }
    return impl_->provide(*entry, in);
  });
}

void* container::find_or_create(detail::provider_definition definition, module_id home, std::string_view used_by) {
  const type_id token = definition.token;
  return impl_->resolve_alone([&](resolution& in) {
    in.used_by = used_by;
    in.for_decorator = true;
    if (provider_entry* entry = impl_->look_up(token, home)) return impl_->provide(*entry, in);
    const auto known = std::ranges::find(home->created, token, [](const auto& each) { return each->definition.token; });
    if (known != home->created.end()) return impl_->provide(**known, in);
    if (const auto found = impl_->replacements.find(token); found != impl_->replacements.end()) {
      definition = found->second.definition;
      found->second.used = true;
    }
    provider_entry& entry =
        *home->created.emplace_back(std::make_unique<provider_entry>(provider_entry{definition, home}));
    impl_->learn_scope(entry);
    return impl_->provide(entry, in);
  });
}

void* container::find_provided(type_id token, module_id home, std::string_view used_by) {
  return impl_->resolve_alone([&](resolution& in) -> void* {
    in.used_by = used_by;
    in.for_decorator = true;
    if (provider_entry* entry = impl_->look_up(token, home)) return impl_->provide(*entry, in);
    if (used_by.empty()) impl_->report_missing(token, home);
    throw startup_error{fmt::format(
        "nestcpp can't build {0} (used by {1}): nothing is provided under this name in {2}, and its constructor takes "
        "more than references. Write provide_value({0}{{…}}) or provide_factory<{0}>(…) in {2}, or NEST_INJECT(…) "
        "above "
        "the constructor.",
        token->name, used_by, home->name)};
  });
}

detail::instance container::resolve_instance(type_id token, module_id home) {
  const auto parts = std::make_shared<owned_instances>();
  return impl_->resolve_alone([&](resolution& in) -> detail::instance {
    in.parts = parts.get();
    provider_entry* entry = impl_->look_up(token, home);
    if (entry == nullptr) impl_->report_missing(token, home);
    void* const object = impl_->provide(*entry, in);
    if (object == nullptr) throw std::logic_error{fmt::format("{}: this call has none", token->name)};
    if (entry->is_transient()) return {.owner = parts, .token = object};
    if (!entry->is_per_call()) return entry->made;
    for (const auto& [of, made] : in.call->contents().instances.made) {
      if (made.token == object) return made;
    }
    return {.token = object};  // the call's own context
  });
}

detail::instance container::create_instance(detail::provider_definition definition, module_id home) {
  const auto parts = std::make_shared<owned_instances>();
  return impl_->resolve_alone([&](resolution& in) -> detail::instance {
    in.parts = parts.get();
    provider_entry entry{definition, home};
    return {.owner = parts, .token = parts->add(nullptr, impl_->make(entry, in)).token};
  });
}

std::vector<controller_record> container::controllers() {
  impl_->build_all();
  std::vector<controller_record> records;
  for (const auto& node : impl_->modules().nodes()) {
    for (const auto& entry : node->controllers) {
      records.push_back(
          {entry->name(), node->name, node.get(), entry->made.token, entry->definition.controller, entry.get()});
    }
  }
  return records;
}

module_id container::building() {
  const resolution* in = impl_->current();
  return in == nullptr ? root() : &impl_->home_of(*in);
}

module_id container::root() { return &impl_->modules().root(); }

std::vector<module_id> container::modules() {
  std::vector<module_id> all;
  for (const auto& node : impl_->modules().nodes()) all.push_back(node.get());
  return all;
}

call_instances::call_instances(container& from, void* context)
    : owner_{&from}, state_{std::make_unique<state>(context)} {}
call_instances::~call_instances() = default;

void* call_instances::controller(const controller_record& record) {
  if (const detail::instance* known = state_->instances.find(*record.entry)) return known->token;
  resolution_scope scope{*owner_->impl_};
  scope.get().call = this;
  return owner_->impl_->provide(*record.entry, scope.get());
}

}  // namespace nestcpp
