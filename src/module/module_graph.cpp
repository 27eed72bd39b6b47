#include "module/module_graph.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace nestcpp::detail {
namespace {

std::string display_name(const module_definition& definition) {
  if (definition.type == nullptr) return definition.key.empty() ? "module" : definition.key;
  if (definition.key.empty()) return std::string{definition.type->name};
  return fmt::format("{}(\"{}\")", definition.type->name, definition.key);
}

// A plain nest::module without a key is nobody but itself.
bool same_module(const module_definition& a, const module_definition& b) {
  return a.type == b.type && a.key == b.key && (a.type != nullptr || !a.key.empty());
}

provider_entry* find_in(const provider_entries& entries, type_id token) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [token](const auto& entry) { return entry->definition.token == token; });
  return found == entries.end() ? nullptr : found->get();
}

bool imports_module(const module_node& node, const module_node& wanted) {
  return std::find(node.imports.begin(), node.imports.end(), &wanted) != node.imports.end();
}

provider_entry* exported_by(const module_node& node, type_id token, std::vector<const module_node*>& asked) {
  if (std::find(asked.begin(), asked.end(), &node) != asked.end()) return nullptr;
  asked.push_back(&node);
  const auto& exports = node.definition->exports;
  if (node.global() && exports.empty()) return node.own(token);

  const bool by_name = std::any_of(exports.begin(), exports.end(), [token](const module_export& entry) {
    return !entry.is_module && entry.type == token;
  });
  if (by_name) {
    if (provider_entry* own = node.own(token)) return own;
  }
  for (const module_node* import : node.imports) {
    const bool as_module = std::any_of(exports.begin(), exports.end(), [import](const module_export& entry) {
      return entry.is_module && entry.type == import->type;
    });
    if (!by_name && !as_module) continue;
    if (provider_entry* found = exported_by(*import, token, asked)) return found;
  }
  return nullptr;
}

}  // namespace

provider_entry* module_node::own(type_id token) const { return find_in(providers, token); }

provider_entry* module_node::exported(type_id token) const {
  std::vector<const module_node*> asked;
  return exported_by(*this, token, asked);
}

module_graph::module_graph(const module_holder& root, const std::unordered_map<type_id, module_holder>& instead,
                           std::unordered_set<type_id>& used)
    : instead_{instead}, used_{used} {
  std::vector<const module_node*> path;
  scan(*root.definition, 0, path);
  for (const auto& node : nodes_) link_forward(*node);
  for (const auto& node : nodes_) fill(*node);
  for (const auto& node : nodes_) check_exports(*node);
}

module_node* module_graph::scan(const module_definition& stated, int distance, std::vector<const module_node*>& path) {
  const auto replaced = stated.type == nullptr ? instead_.end() : instead_.find(stated.type);
  if (replaced != instead_.end()) used_.insert(stated.type);
  const module_definition& definition = replaced == instead_.end() ? stated : *replaced->second.definition;
  const auto known = std::find_if(nodes_.begin(), nodes_.end(), [&definition](const auto& node) {
    return node->definition == &definition || same_module(*node->definition, definition);
  });
  const bool is_new = known == nodes_.end();
  module_node* node = nullptr;
  if (is_new) {
    node = nodes_
               .emplace_back(std::make_unique<module_node>(
                   module_node{&definition, display_name(definition), stated.type, distance}))
               .get();
  } else {
    node = known->get();
    // A module may come back below itself, since objects of one class are one module; it does not get farther by that.
    if (distance <= node->distance || std::find(path.begin(), path.end(), node) != path.end()) return node;
    node->distance = distance;
  }
  path.push_back(node);
  for (const module_import& import : node->definition->imports) {
    if (import.forward != nullptr) continue;
    module_node* child = scan(*import.held.definition, distance + 1, path);
    if (is_new && !imports_module(*node, *child)) node->imports.push_back(child);
  }
  path.pop_back();
  return node;
}

void module_graph::link_forward(module_node& node) {
  for (const module_import& import : node.definition->imports) {
    if (import.forward == nullptr) continue;
    const auto found =
        std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& each) { return each->type == import.forward; });
    if (found == nodes_.end()) {
      throw startup_error{fmt::format(
          "nestcpp: {0} imports forward_ref<{1}>(), but no module imports {1} itself. Add imports({1}{{…}}) "
          "to the root module, or to one that it imports.",
          node.name, import.forward->name)};
    }
    if (!imports_module(node, **found)) node.imports.push_back(found->get());
  }
}

void module_graph::fill(module_node& node) {
  for (const provider_definition& definition : node.definition->providers) {
    const bool is_controller = static_cast<bool>(definition.controller);
    if (is_controller && definition.lifetime == scope::transient) {
      throw startup_error{fmt::format(
          "nestcpp: {} cannot be transient: nothing asks for a controller. Write controllers<{}>(scope::request) in {} "
          "for one per call.",
          definition.name, definition.name, node.name)};
    }
    if (find_in(node.providers, definition.token) || find_in(node.controllers, definition.token)) {
      throw startup_error{
          fmt::format("nestcpp: {0} is provided twice in {1}. Keep one of the two; a controller is listed in "
                      "controllers<{0}>() only.",
                      definition.token->name, node.name)};
    }
    (is_controller ? node.controllers : node.providers)
        .push_back(std::make_unique<provider_entry>(provider_entry{definition, &node}));
  }
}

void module_graph::check_exports(const module_node& node) const {
  for (const module_export& entry : node.definition->exports) {
    if (entry.is_module) {
      const bool imported = std::any_of(node.imports.begin(), node.imports.end(),
                                        [&entry](const module_node* import) { return import->type == entry.type; });
      if (!imported) {
        throw startup_error{
            fmt::format("nestcpp: {0} exports {1} but does not import it. Add imports({1}{{…}}) to {0}.", node.name,
                        entry.type->name)};
      }
    } else if (!node.exported(entry.type)) {
      throw startup_error{fmt::format("nestcpp: {0} exports {1} but has no such provider. {2}", node.name,
                                      entry.type->name, way_out(node, entry.type))};
    }
  }
}

provider_entry* module_graph::visible(const module_node& from, type_id token) const {
  if (provider_entry* own = from.own(token)) return own;
  for (const module_node* import : from.imports) {
    if (provider_entry* found = import->exported(token)) return found;
  }
  for (const auto& node : nodes_) {
    if (!node->global()) continue;
    if (provider_entry* found = node->exported(token)) return found;
  }
  return nullptr;
}

provider_entry* module_graph::anywhere(type_id token) const {
  if (provider_entry* found = visible(root(), token)) return found;
  for (const auto& node : nodes_) {
    if (provider_entry* own = node->own(token)) return own;
    if (provider_entry* controller = find_in(node->controllers, token)) return controller;
  }
  return nullptr;
}

std::string module_graph::way_out(const module_node& home, type_id token) const {
  const module_node* keeps_it = nullptr;
  for (const auto& node : nodes_) {
    if (node.get() == &home) continue;
    if (node->exported(token)) {
      return fmt::format("{0} exports it: add imports({0}{{…}}) to {1}.", node->name, home.name);
    }
    if (!keeps_it && node->own(token)) keeps_it = node.get();
  }
  if (keeps_it) {
    return fmt::format(
        "{0} provides it but does not export it: add exports<{1}>() to {0}{2}.", keeps_it->name, token->name,
        imports_module(home, *keeps_it) ? std::string{}
                                        : fmt::format(", and imports({}{{…}}) to {}", keeps_it->name, home.name));
  }
  return fmt::format("Provide it there with provide<{}>(), or import a module that exports it.", token->name);
}

}  // namespace nestcpp::detail
