#pragma once
// Values found by their type: what a call carries, and what decorators say of a handler.

#include <memory>
#include <utility>
#include <vector>

namespace nestcpp::detail {

// Its address stands for the type.
template <class T>
inline constexpr char type_key = 0;

// One value of each type; costs a pointer while it is empty.
class context_values {
 public:
  [[nodiscard]] void* find(const void* type) const noexcept {
    for (const node* each = first_.get(); each != nullptr; each = each->next.get()) {
      if (each->type == type) return each->value();
    }
    return nullptr;
  }

  // What was there of the type is destroyed.
  template <class T>
  T& set(T value) {
    auto fresh = std::make_unique<holder<T>>(std::move(value));
    T& stored = fresh->held;
    std::unique_ptr<node>* at = &first_;
    while (*at && (*at)->type != &type_key<T>) at = &(*at)->next;
    if (*at) fresh->next = std::move((*at)->next);
    *at = std::move(fresh);
    return stored;
  }

 private:
  struct node {
    explicit node(const void* key) : type{key} {}
    node(const node&) = delete;
    node& operator=(const node&) = delete;
    virtual ~node() = default;
    [[nodiscard]] virtual void* value() const noexcept = 0;
    const void* type;
    std::unique_ptr<node> next;
  };
  template <class T>
  struct holder final : node {
    explicit holder(T value) : node{&type_key<T>}, held{std::move(value)} {}
    [[nodiscard]] void* value() const noexcept override { return &held; }
    mutable T held;
  };

  std::unique_ptr<node> first_;
};

// The same, immutable and shared, as it is filled at start and read by all calls.
class metadata_set {
 public:
  template <class T>
  void set(T value) {
    auto shared = std::make_shared<const T>(std::move(value));
    for (entry& each : entries_) {
      if (each.type == &type_key<T>) {
        each.value = std::move(shared);
        return;
      }
    }
    entries_.push_back({&type_key<T>, std::move(shared)});
  }
  template <class T>
  [[nodiscard]] const T* get() const noexcept {
    for (const entry& each : entries_) {
      if (each.type == &type_key<T>) return static_cast<const T*>(each.value.get());
    }
    return nullptr;
  }
  // What both have is the other's.
  void add(const metadata_set& other) {
    for (const entry& theirs : other.entries_) {
      std::erase_if(entries_, [&](const entry& mine) { return mine.type == theirs.type; });
      entries_.push_back(theirs);
    }
  }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

 private:
  struct entry {
    const void* type;
    std::shared_ptr<const void> value;
  };
  std::vector<entry> entries_;
};

}  // namespace nestcpp::detail
