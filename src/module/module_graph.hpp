#pragma once
// The modules of a container as a graph: who imports whom, who sees what.

#include <nestcpp/module/module.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp::detail {

struct module_node;

/// One provider or controller of one module, and its only object.
struct provider_entry {
  enum class state : std::uint8_t { untouched, building, built };

  provider_definition definition;
  module_node* home;  // null: a value of the framework's
  instance made{};
  state progress = state::untouched;
  int level = 0;  // 0: depends on nothing; otherwise one more than the highest it depends on

  [[nodiscard]] std::string_view name() const { return definition.name; }
};
using provider_entries = std::vector<std::unique_ptr<provider_entry>>;

struct module_node {
  const module_definition* definition;
  std::string name;
  int distance = 0;  // from the root, along the longest way
  std::vector<module_node*> imports{};
  provider_entries providers{};
  provider_entries controllers{};
  provider_entries created{};  // guards and the like that nobody provides, built for a controller of this module

  [[nodiscard]] bool global() const { return definition->global; }
  [[nodiscard]] provider_entry* own(type_id token) const;
  /// What importers of this module get.
  [[nodiscard]] provider_entry* exported(type_id token) const;
};

class module_graph {
 public:
  /// Throws startup_error for a provider that is listed twice and for an export of something that is not there.
  explicit module_graph(const module_holder& root);

  [[nodiscard]] module_node& root() const { return *nodes_.front(); }
  /// Root first, then the imports, depth first.
  [[nodiscard]] const std::vector<std::unique_ptr<module_node>>& nodes() const { return nodes_; }

  /// The provider that classes of `from` get, without the framework's values.
  [[nodiscard]] provider_entry* visible(const module_node& from, type_id token) const;
  /// Any module's provider.
  [[nodiscard]] provider_entry* anywhere(type_id token) const;
  /// What to do about `token` not being visible in `home`, as a sentence.
  [[nodiscard]] std::string way_out(const module_node& home, type_id token) const;

 private:
  module_node* scan(const module_definition& definition, int distance, std::vector<const module_node*>& path);
  void fill(module_node& node);
  void check_exports(const module_node& node) const;

  std::vector<std::unique_ptr<module_node>> nodes_;
};

}  // namespace nestcpp::detail
