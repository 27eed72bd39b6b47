#pragma once
// The modules of a container as a graph: who imports whom, who sees what.

#include <nestcpp/module/module.hpp>
#include <nestcpp/module/module_ref.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace nestcpp::detail {

struct module_node;

/// One provider or controller of one module, and a singleton's only object.
struct provider_entry {
  enum class state : std::uint8_t { untouched, building, built };
  /// What a constructor or factory asks for; without an entry nobody provides it.
  struct dependency {
    type_id token;
    provider_entry* entry;
    bool required;
  };

  provider_definition definition;
  module_node* home;  // null: a value of the framework's
  instance made{};
  state progress = state::untouched;
  int level = 0;  // 0: depends on nothing; otherwise one more than the highest it depends on

  const provider_entry* origin = nullptr;  // of one of several instances: the provider it is of
  std::function<void*(void*)> of_call{};   // a value of the framework's that each call has its own of
  std::vector<dependency> dependencies{};  // known where the application uses scopes
  bool depends_on_call = false;            // by its own scope, or that of something it depends on

  [[nodiscard]] std::string_view name() const { return definition.name; }
  [[nodiscard]] bool is_transient() const { return definition.lifetime == scope::transient; }
  /// Each call has its own.
  [[nodiscard]] bool is_per_call() const { return of_call || depends_on_call; }
  [[nodiscard]] bool is_same_provider(const provider_entry& other) const {
    return (origin ? origin : this) == (other.origin ? other.origin : &other);
  }
};
using provider_entries = std::vector<std::unique_ptr<provider_entry>>;

struct module_node {
  const module_definition* definition;
  std::string name;
  type_id type = nullptr;  // the class that imports name; another than the definition's where it was overridden
  int distance = 0;        // from the root, along the longest way
  std::vector<module_node*> imports{};
  provider_entries providers{};
  provider_entries controllers{};
  provider_entries created{};     // guards and the like that nobody provides, built for a controller of this module
  provider_entries transients{};  // one for each dependent
  std::optional<module_ref> ref{};

  [[nodiscard]] bool global() const { return definition->global; }
  [[nodiscard]] provider_entry* own(type_id token) const;
  /// What importers of this module get.
  [[nodiscard]] provider_entry* exported(type_id token) const;
};

class module_graph {
 public:
  /// A module of a class that is a key of `instead` is taken from there; what was is noted in `used`.
  /// Throws startup_error for a provider that is listed twice and for an import or export of something that is not
  /// there.
  module_graph(const module_holder& root, const std::unordered_map<type_id, module_holder>& instead,
               std::unordered_set<type_id>& used);

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
  module_node* scan(const module_definition& stated, int distance, std::vector<const module_node*>& path);
  void link_forward(module_node& node);
  void fill(module_node& node);
  void check_exports(const module_node& node) const;

  const std::unordered_map<type_id, module_holder>& instead_;  // while it is made
  std::unordered_set<type_id>& used_;
  std::vector<std::unique_ptr<module_node>> nodes_;
};

}  // namespace nestcpp::detail
