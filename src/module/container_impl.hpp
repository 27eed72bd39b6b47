#pragma once
// The container's insides: container.cpp is its face, container_build.cpp builds, container_scopes.cpp finds out which
// classes each call needs for itself, lifecycle_run.cpp calls hooks.

#include "module/module_graph.hpp"

#include <nestcpp/module/container.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace nestcpp {

/// Instances in the order of their construction; destroyed the other way round.
struct owned_instances {
  std::vector<std::pair<const detail::provider_entry*, detail::instance>> made{};

  owned_instances() = default;
  ~owned_instances();
  owned_instances(const owned_instances&) = delete;
  owned_instances& operator=(const owned_instances&) = delete;

  [[nodiscard]] const detail::instance* find(const detail::provider_entry& entry) const;
  const detail::instance& add(const detail::provider_entry* entry, detail::instance instance);
};

struct call_instances::state {
  void* context;
  owned_instances instances{};

  explicit state(void* of) : context{of} {}
};

/// What this thread is building, for one container. Opened by whoever asks first; constructors ask within it.
struct resolution {
  enum class purpose : std::uint8_t { build, list_dependencies };

  container::impl* owner;
  resolution* outer;  // the thread's former one, of another container or for another purpose
  purpose what = purpose::build;
  std::vector<detail::provider_entry*> path{};
  std::size_t begun = 0;             // where the path's own part begins: before it stands what asked a module_ref
  call_instances* call = nullptr;    // for this call; null: for the application
  owned_instances* parts = nullptr;  // keeps what is built, where neither the container nor a call does
  std::string_view used_by{};        // the decorator that names the class
  bool for_decorator = false;
  int questions_left = 0;  // of list_dependencies
};

struct container::impl {
  struct replacement {
    detail::provider_definition definition;
    bool used = false;
  };

  impl(container& facade, detail::module_holder root_module) : self{facade}, holder{std::move(root_module)} {}

  /// The modules' graph, made at the first call.
  detail::module_graph& modules();
  /// This thread's resolution for this container; null: there is none.
  [[nodiscard]] resolution* current() const;
  /// The entry `token` stands for as `home` sees it (null: as what is being built sees it, else anywhere).
  detail::provider_entry* look_up(detail::type_id token, detail::module_node* home);
  [[nodiscard]] detail::module_node& home_of(const resolution& in);

  /// @name Building
  /// @{
  void build_all();
  /// The object that `entry` stands for, to what `in` builds.
  void* provide(detail::provider_entry& entry, resolution& in);
  detail::instance make(detail::provider_entry& entry, resolution& in);
  void* build(detail::provider_entry& entry, resolution& in);
  void* provide_for_call(detail::provider_entry& entry, resolution& in);
  void* provide_transient(detail::provider_entry& entry, resolution& in);
  void refuse_cycle(const detail::provider_entry& entry, const resolution& in);
  /// Answers a constructor's question.
  void* answer(detail::type_id token, bool required);
  /// Runs `ask` in a resolution of its own, for the call that is being built for or served.
  template <class F>
  auto resolve_alone(F ask);
  /// Runs `ask` in this thread's resolution, or one of its own for no call.
  template <class F>
  auto resolve(F ask);
  template <class F>
  auto try_until_scopes_known(F ask);
  /// @}

  /// @name Scopes
  /// @{
  /// Finds out which classes each call needs for itself. Needed only where something is not a singleton.
  void learn_scopes();
  void learn_scope(detail::provider_entry& entry);
  void list_dependencies(detail::provider_entry& entry);
  /// Everything that calls will need is there and free of cycles; builds the singletons among it.
  void check_for_calls(detail::provider_entry& entry, resolution& in);
  /// "UsersService -> CurrentUser": why `entry` belongs to calls.
  [[nodiscard]] static std::string path_to_call(const detail::provider_entry& entry);
  [[noreturn]] void report_no_call(const detail::provider_entry& entry, const resolution& in);
  /// @}

  [[noreturn]] void report_missing(detail::type_id token, const detail::module_node* home);
  [[nodiscard]] static std::string path_to(const resolution& in, std::string_view end, std::size_t from = 0);
  void check_replacements() const;

  container& self;
  detail::module_holder holder;
  std::unordered_map<detail::type_id, detail::module_holder> replaced_modules{};
  std::unordered_set<detail::type_id> used_modules{};
  std::unique_ptr<detail::module_graph> graph{};
  std::unordered_map<detail::type_id, std::unique_ptr<detail::provider_entry>> framework_values{};
  std::unordered_map<detail::type_id, replacement> replacements{};
  std::function<call_instances*()> current_call{};
  std::vector<detail::provider_entry*> built{};  // in the order of construction
  bool all_built = false;
  bool scopes_known = false;
};

/// Thrown where something belongs to calls and the scopes are not known yet: they are learnt, and all is tried again.
struct scopes_needed {};

/// Makes a resolution the thread's current one.
class resolution_scope {
 public:
  explicit resolution_scope(container::impl& owner);
  ~resolution_scope();
  resolution_scope(const resolution_scope&) = delete;
  resolution_scope& operator=(const resolution_scope&) = delete;

  [[nodiscard]] resolution& get() noexcept { return mine_; }
  [[nodiscard]] static resolution* innermost() noexcept;

 private:
  resolution mine_;
};

template <class F>
auto container::impl::try_until_scopes_known(F ask) {
  for (;;) {
    try {
      resolution_scope scope{*this};
      return ask(scope.get());
    } catch (const scopes_needed&) {
      learn_scopes();
    }
  }
}

template <class F>
auto container::impl::resolve_alone(F ask) {
  const resolution* const outer = current();
  return try_until_scopes_known([&](resolution& in) {
    in.call = outer != nullptr ? outer->call : current_call ? current_call() : nullptr;
    if (outer != nullptr) in.path = outer->path;
    in.begun = in.path.size();
    return ask(in);
  });
}

template <class F>
auto container::impl::resolve(F ask) {
  if (resolution* outer = current()) return ask(*outer);
  return try_until_scopes_known(ask);
}

}  // namespace nestcpp
