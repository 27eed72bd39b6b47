#pragma once
// The calls that wait on a connection, by the key of their id: open addressing, as the keys are already well mixed and
// a call should cost no allocation.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp::detail {

// A call that takes more than the first value of its reply.
class reply_sink : public boost::intrusive_ref_counter<reply_sink, boost::thread_safe_counter> {
 public:
  virtual ~reply_sink() = default;
  // A value, after which more may follow; data() == nullptr for undefined. False: takes no more, the call has ended.
  [[nodiscard]] virtual bool value(std::string_view json) = 0;
  // Nothing follows. Called at most once, after the call has been taken out.
  virtual void end(std::exception_ptr failure) = 0;
  // The connection went with its loop, and whoever waits on it goes too.
  virtual void detach() noexcept = 0;
};

// How a call has ended. One value, as Asio before 1.82 cannot await an operation that gives an exception and a value
// without a coroutine frame of its own.
struct call_outcome {
  std::exception_ptr failure{};
  reply value{};
};

struct pending_call {
  using completion = boost::asio::any_completion_handler<void(call_outcome)>;

  pending_call() = default;
  pending_call(std::uint64_t of, clock::time_point limit, completion handler, bool whole)
      : key{of}, deadline{limit}, done{std::move(handler)}, to_the_end{whole} {}
  pending_call(std::uint64_t of, clock::time_point limit, boost::intrusive_ptr<reply_sink> reader)
      : key{of}, deadline{limit}, sink{std::move(reader)} {}
  pending_call(pending_call&&) noexcept = default;
  pending_call& operator=(pending_call&& other) noexcept {
    key = other.key;
    deadline = other.deadline;
    done = nullptr;  // not assigned: Boost 1.81's handler would wrap itself
    done.swap(other.done);
    sink = std::move(other.sink);
    to_the_end = other.to_the_end;
    return *this;
  }

  std::uint64_t key{};
  clock::time_point deadline = clock::time_point::max();
  completion done;                        // one of these two
  boost::intrusive_ptr<reply_sink> sink;  //
  bool to_the_end = false;                // `done` waits for the end of the reply, whatever its values are
};

class pending_calls {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  void insert(pending_call call) {
    if (size_ * 4 >= slots_.size() * 3) grow();
    std::size_t at = place(call.key);
    while (used(slots_[at])) at = next(at);
    slots_[at] = std::move(call);
    ++size_;
  }

  // Null where there is none; valid until the next insertion or removal.
  [[nodiscard]] pending_call* find(std::uint64_t key) noexcept {
    if (size_ == 0) return nullptr;
    for (std::size_t at = place(key); used(slots_[at]); at = next(at)) {
      if (slots_[at].key == key) return &slots_[at];
    }
    return nullptr;
  }

  // Takes out what `find` gave.
  [[nodiscard]] pending_call take(pending_call* found) noexcept {
    pending_call taken = std::move(*found);
    // Calls that stood behind it because its place was taken move up.
    std::size_t hole = static_cast<std::size_t>(found - slots_.data());
    *found = {};
    for (std::size_t at = next(hole); used(slots_[at]); at = next(at)) {
      const std::size_t home = place(slots_[at].key);
      if (((at - home) & mask()) < ((at - hole) & mask())) continue;
      slots_[hole] = std::move(slots_[at]);
      slots_[at] = {};
      hole = at;
    }
    --size_;
    if (size_ == 0 && slots_.size() > kept) std::vector<pending_call>{}.swap(slots_);
    return taken;
  }

  // Takes out all; those without a `done` and a `sink` are none.
  [[nodiscard]] std::vector<pending_call> take_all() noexcept {
    size_ = 0;
    return std::exchange(slots_, {});
  }

  template <class Visit>
  void for_each(Visit visit) {
    for (auto& slot : slots_) {
      if (used(slot)) visit(slot);
    }
  }

 private:
  static constexpr std::size_t kept = 1024;  // slots that an idle connection keeps at most

  static bool used(const pending_call& slot) noexcept { return slot.done || slot.sink; }
  [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
  [[nodiscard]] std::size_t place(std::uint64_t key) const noexcept { return key & mask(); }
  [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & mask(); }

  void grow() {
    std::vector<pending_call> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (auto& call : old) {
      if (!used(call)) continue;
      std::size_t at = place(call.key);
      while (used(slots_[at])) at = next(at);
      slots_[at] = std::move(call);
    }
  }

  std::vector<pending_call> slots_;  // a power of two of them
  std::size_t size_ = 0;
};

}  // namespace nestcpp::detail
