#include <nestcpp/database/transaction.hpp>

#include "text_check.hpp"
#include "transaction_state.hpp"

#include <nestcpp/database/errors.hpp>

#include <utility>

namespace nestcpp {

namespace detail {

/// Marks the transaction busy; refuses where it may not be used.
class transaction_state::use {
 public:
  explicit use(transaction_state& state) : state_{state} {
    if (state_.busy_.exchange(true)) {
      throw database_error{"the transaction runs another statement: await one before the next"};
    }
    if (state_.stage_ == stage::finished) {
      state_.busy_ = false;
      throw database_error{"the transaction is finished: it was committed or rolled back"};
    }
  }
  ~use() { state_.busy_ = false; }
  use(const use&) = delete;
  use& operator=(const use&) = delete;

  void refuse_if_failed() const {
    if (state_.stage_ == stage::failed) {
      throw database_error{"the transaction has failed and can only be rolled back: " + state_.failure_};
    }
  }

 private:
  transaction_state& state_;
};

transaction_state::~transaction_state() {
  if (stage_ != stage::begun && stage_ != stage::failed) return;
  if (!place_ || !place_.has_connection()) return;
  auto place = std::make_shared<lease>(std::move(place_));
  auto& pool = place->pool();
  pool.post([place] {
    if (place->has_connection()) place->prepare().rollback();
    place->drop_if_broken();
    place->release();
  });
}

void transaction_state::check_availability() {
  if (!place_.has_connection()) place_.pool().check_availability();
}

rows transaction_state::catch_up(bool commit, interruption* stop) {
  const bool was_idle = place_.has_connection();
  auto* connection = &place_.prepare();
  const std::vector<statement> due = std::exchange(queued_, {});
  const statement_batch batch{
      .begin = stage_ == stage::fresh ? &options_ : nullptr, .statements = due, .commit = commit};
  if (batch.begin == nullptr && due.empty() && !commit) return {};
  rows last;
  try {
    last = place_.pool().execute(*connection, batch, stop);
  } catch (const database_unavailable&) {
    // It broke while it was idle, before the BEGIN was answered: once more, on a new one.
    const bool had_begun = batch.begin == nullptr || connection->in_transaction();
    if (had_begun || commit || !was_idle || !connection->is_broken()) throw;
    last = place_.pool().execute(place_.reopen(), batch, stop);
  }
  stage_ = stage::begun;
  return last;
}

template <class F>
std::invoke_result_t<F> transaction_state::attempt(const F& work) {
  try {
    return work();
  } catch (const std::exception& failure) {
    failure_ = failure.what();
    stage_ = stage::failed;
    place_.drop_if_broken();
    throw;
  } catch (...) {
    failure_ = "unknown error";
    stage_ = stage::failed;
    place_.drop_if_broken();
    throw;
  }
}

task<result_set> transaction_state::execute(pointer self, std::string sql, sql_values parameters) {
  const use guard{*self};
  guard.refuse_if_failed();
  check_statement(sql, parameters);
  self->check_availability();
  statement one{std::move(sql), std::move(parameters)};
  co_return result_set{co_await self->place_.pool().run_interruptibly([&state = *self, &one](interruption& stop) {
    return state.attempt([&] {
      state.queued_.push_back(std::move(one));
      return state.catch_up(false, &stop);
    });
  })};
}

task<void> transaction_state::execute_script(pointer self, std::string sql) {
  const use guard{*self};
  guard.refuse_if_failed();
  sql_values none;
  check_statement(sql, none);
  self->check_availability();
  co_await self->place_.pool().run([&state = *self, &sql] {
    state.attempt([&] {
      static_cast<void>(state.catch_up(false, nullptr));
      state.place_.prepare().execute_script(sql);
    });
  });
}

task<void> transaction_state::rollback_to(pointer self, std::string name) {
  const use guard{*self};
  if (self->stage_ == stage::fresh || !self->place_.has_connection()) {
    throw database_error{"the transaction has no savepoint \"" + name + '"'};
  }
  self->queued_.clear();  // they came after it: a savepoint is set at once
  co_await self->place_.pool().run([&state = *self, &name] {
    try {
      state.place_.prepare().execute_script("ROLLBACK TO SAVEPOINT " + name);
    } catch (...) {
      state.stage_ = stage::failed;
      state.place_.drop_if_broken();
      throw;
    }
    state.stage_ = stage::begun;
  });
}

void transaction_state::enqueue(std::string sql, sql_values parameters) {
  const use guard{*this};
  guard.refuse_if_failed();
  check_statement(sql, parameters);
  queued_.push_back({std::move(sql), std::move(parameters)});
}

void transaction_state::finish() {
  stage_ = stage::finished;
  queued_.clear();
  place_.release();
}

task<rows> transaction_state::commit(pointer self) {
  const use guard{*self};
  guard.refuse_if_failed();
  rows last;
  if (self->stage_ != stage::fresh || !self->queued_.empty()) {
    self->check_availability();
    last = co_await self->place_.pool().run([&state = *self] {
      rows of_last = state.attempt([&] { return state.catch_up(true, nullptr); });
      state.finish();  // here, where who waits for the connection goes on at once
      return of_last;
    });
  }
  self->finish();
  for (auto& action : std::exchange(self->after_commit_, {})) action();
  co_return last;
}

task<void> transaction_state::rollback(pointer self) {
  const use guard{*self};
  if (self->stage_ != stage::fresh && self->place_.has_connection()) {
    co_await self->place_.pool().run([&state = *self] {
      if (state.place_.has_connection()) state.place_.prepare().rollback();
      state.place_.drop_if_broken();
      state.finish();
    });
  }
  self->finish();
}

}  // namespace detail

transaction::transaction(std::shared_ptr<detail::transaction_state> state) noexcept : state_{std::move(state)} {}
transaction::transaction(transaction&&) noexcept = default;
transaction& transaction::operator=(transaction&&) noexcept = default;
transaction::~transaction() = default;

namespace {

std::shared_ptr<detail::transaction_state> checked(const std::shared_ptr<detail::transaction_state>& state) {
  if (!state) throw database_error{"there is no transaction: it has been moved from, or never begun"};
  return state;
}

}  // namespace

using detail::transaction_state;

task<result_set> transaction::execute(std::string sql, sql_values parameters) {
  return transaction_state::execute(checked(state_), std::move(sql), std::move(parameters));
}
void transaction::enqueue(std::string sql, sql_values parameters) {
  checked(state_)->enqueue(std::move(sql), std::move(parameters));
}
task<void> transaction::execute_script(std::string sql) {
  return transaction_state::execute_script(checked(state_), std::move(sql));
}
task<void> transaction::savepoint(std::string name) {
  detail::check_identifier(name, "a savepoint");
  return transaction_state::execute_script(checked(state_), "SAVEPOINT " + name);
}
task<void> transaction::rollback_to(std::string name) {
  detail::check_identifier(name, "a savepoint");
  return transaction_state::rollback_to(checked(state_), std::move(name));
}
task<void> transaction::release(std::string name) {
  detail::check_identifier(name, "a savepoint");
  return transaction_state::execute_script(checked(state_), "RELEASE SAVEPOINT " + name);
}
task<void> transaction::commit() { static_cast<void>(co_await transaction_state::commit(checked(state_))); }
task<result_set> transaction::commit_with(std::string sql, sql_values parameters) {
  enqueue(std::move(sql), std::move(parameters));
  co_return result_set{co_await transaction_state::commit(checked(state_))};
}
task<void> transaction::rollback() { return transaction_state::rollback(checked(state_)); }
bool transaction::is_active() const noexcept { return state_ && state_->is_active(); }
database_driver transaction::driver() const { return checked(state_)->driver(); }
void transaction::after_commit(std::function<void()> action) { checked(state_)->after_commit(std::move(action)); }

}  // namespace nestcpp
