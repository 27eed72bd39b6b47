#pragma once
// The container's insides: what container.cpp builds and lifecycle_run.cpp runs.

#include "module/module_graph.hpp"

#include <nestcpp/module/container.hpp>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace nestcpp {

struct container::impl {
  struct replacement {
    detail::provider_definition definition;
    bool used = false;
  };

  impl(container& facade, detail::module_holder root_module) : self{facade}, holder{std::move(root_module)} {}

  /// The modules' graph, made at the first call.
  detail::module_graph& modules();
  /// The entry `token` stands for as `home` sees it (null: as what is being built sees it, else anywhere).
  detail::provider_entry* look_up(detail::type_id token, detail::module_node* home);
  void* build(detail::provider_entry& entry);
  void build_all();
  [[noreturn]] void report_missing(detail::type_id token, const detail::module_node* home);
  [[nodiscard]] std::string path_to(std::string_view end, std::size_t from = 0) const;
  void check_replacements() const;

  container& self;
  detail::module_holder holder;
  std::unique_ptr<detail::module_graph> graph{};
  std::unordered_map<detail::type_id, std::unique_ptr<detail::provider_entry>> framework_values{};
  std::unordered_map<detail::type_id, detail::provider_entry*> created{};
  std::unordered_map<detail::type_id, replacement> replacements{};
  std::vector<detail::provider_entry*> under_construction{};
  std::vector<detail::provider_entry*> built{};  // in the order of construction
  bool all_built = false;
};

}  // namespace nestcpp
