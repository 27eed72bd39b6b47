#include <nestcpp/pipeline/handler_chain.hpp>

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/error.hpp>
#include <boost/core/demangle.hpp>
#include <boost/json/object.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <mutex>
#include <set>
#include <typeinfo>

namespace nestcpp {

namespace {
constexpr logger log{"ExceptionsHandler"};

void refuse(const execution_context& context) {
  constexpr const char* text = "Forbidden resource";
  if (context.nestjs_compatible_errors() && context.get_type() == context_type::rpc) throw rpc_exception{text};
  throw forbidden_exception{text};
}

// What `JSON.stringify` shows of an exception.
boost::json::value members_of(const std::exception& exception) {
  const auto* rpc = dynamic_cast<const rpc_exception*>(&exception);
  if (rpc == nullptr) return boost::json::object{};
  return boost::json::object{{"error", rpc->error()}, {"message", rpc->what()}};
}

// "AuthGuard" of `users::(anonymous namespace)::AuthGuard`.
template <class Enhancer>
std::vector<std::string> names_of(const std::vector<Enhancer*>& all) {
  std::vector<std::string> names;
  for (const Enhancer* each : all) {
    const Enhancer& object = *each;
    std::string name = boost::core::demangle(typeid(object).name());
    const std::size_t colons = name.substr(0, name.find('<')).rfind("::");
    if (colons != std::string::npos) name.erase(0, colons + 2);
    names.push_back(std::move(name));
  }
  return names;
}

// One text for each handler of the program; never freed.
const char* kept_for_ever(std::string text) {
  static std::mutex mutex;
  static auto* const texts = new std::set<std::string>;
  const std::lock_guard lock{mutex};
  return texts->insert(std::move(text)).first->c_str();
}
}  // namespace

task<reply> observer::intercept(execution_context& context, call_handler next) {
  before(context);
  std::exception_ptr failure;
  reply result;
  try {
    result = co_await next.handle();
  } catch (const std::exception& error) {
    after(context, {&error});
    throw;
  } catch (...) {
    const unknown_exception error;
    after(context, {&error});
    throw;
  }
  after(context, {});
  co_return result;
}

task<reply> call_handler::handle() const { return chain_->run_from(*context_, next_); }

handler_chain::handler_chain(handler_info info, const std::vector<const enhancers*>& levels) : info_{std::move(info)} {
  info_.label = kept_for_ever(info_.class_name + "." + info_.method_name);
  for (const enhancers* level : levels) {
    guards_.insert(guards_.end(), level->guards.begin(), level->guards.end());
    interceptors_.insert(interceptors_.end(), level->interceptors.begin(), level->interceptors.end());
    pipes_.insert(pipes_.end(), level->pipes.begin(), level->pipes.end());
    filters_.insert(filters_.begin(), level->filters.rbegin(), level->filters.rend());
    if (level->validation) validation_ = *level->validation;
    info_.nestjs_compatible_errors = info_.nestjs_compatible_errors || level->nestjs_compatible_errors;
  }
  names_ = {names_of(guards_), names_of(interceptors_), names_of(pipes_), names_of(filters_)};
  for (any_pipe* each : pipes_) {
    if (auto* async = each->as_async()) async_pipes_.push_back(async);
  }
  std::erase_if(pipes_, [](any_pipe* each) { return each->as_async() != nullptr; });
  for (guard* each : guards_) {
    plain_guards_.push_back(each->as_plain());
    guards_plain_ = guards_plain_ && plain_guards_.back() != nullptr;
  }
  recovers_ = std::ranges::any_of(filters_, [](exception_filter* each) { return each->as_recovering() != nullptr; });
  for (interceptor* each : interceptors_) {
    if (const auto limit = each->limit()) limit_ = limit_ ? std::min(*limit_, *limit) : *limit;
  }
  std::erase_if(interceptors_, [](interceptor* each) { return each->limit().has_value(); });
  auto suspending = std::find_if(interceptors_.begin(), interceptors_.end(),
                                 [](interceptor* each) { return each->as_observer() == nullptr; });
  std::transform(interceptors_.begin(), suspending, std::back_inserter(observers_),
                 [](interceptor* each) { return each->as_observer(); });
  interceptors_.erase(interceptors_.begin(), suspending);
}

void handler_chain::set_endpoint(std::unique_ptr<endpoint> handler) {
  endpoint_ = std::move(handler);
  info_.returns_text = endpoint_->returns_text();
  plain_ = guards_plain_ && !recovers_ && interceptors_.empty() && async_pipes_.empty() && endpoint_->is_plain();
}

task<void> handler_chain::run_async_pipes(std::vector<detail::argument_slot> arguments) const {
  for (const detail::argument_slot& argument : arguments) {
    for (detail::async_pipe_base* each : async_pipes_) {
      if (each->takes(argument)) co_await each->apply(argument);
    }
  }
}

void* handler_chain::find_parameter_pipe(const void* type) const noexcept {
  const auto found = std::ranges::find(parameter_pipes_, type, &std::pair<const void*, void*>::first);
  return found == parameter_pipes_.end() ? nullptr : found->second;
}

// NestJS answers what a filter throws with what JSON makes of it, if there is an interceptor, and else not at all.
bool handler_chain::serializes_thrown(const execution_context& context) const noexcept {
  return info_.nestjs_compatible_errors && context.get_type() == context_type::rpc &&
         !(observers_.empty() && interceptors_.empty() && !limit_);
}

handler_chain::ended handler_chain::run_plain(execution_context& context, std::string& out,
                                              error_response& error) const {
  const std::size_t before = out.size();
  std::size_t observed = 0;
  try {
    for (plain_guard* each : plain_guards_) {
      if (!each->can_activate_now(context)) refuse(context);
    }
    for (; observed < observers_.size(); ++observed) observers_[observed]->before(context);
    const bool has_value = endpoint_->call(context, out);
    notify_success(context, observed);
    return has_value ? ended::value : ended::no_value;
  } catch (...) {
    out.resize(before);
    error = fail(context, std::current_exception(), observed);
    return ended::error;
  }
}

task<reply> handler_chain::run(execution_context& context, std::size_t& observed) const {
  return recovers_ ? run_recovering(context, observed) : run_guarded(context, observed);
}

task<reply> handler_chain::run_recovering(execution_context& context, std::size_t& observed) const {
  std::exception_ptr failure;
  try {
    co_return co_await run_guarded(context, observed);
  } catch (...) {
    failure = std::current_exception();
  }
  if (auto instead = recover(context, failure, observed)) co_return std::move(*instead);
  std::rethrow_exception(failure);
}

std::optional<reply> handler_chain::recover(execution_context& context, const std::exception_ptr& failure,
                                            std::size_t& observed) const {
  const auto ask = [&](const std::exception& exception) -> std::optional<reply> {
    const auto found = std::ranges::find_if(filters_, [&](exception_filter* each) { return each->catches(exception); });
    auto* const filter = found == filters_.end() ? nullptr : (*found)->as_recovering();
    auto instead = filter == nullptr ? std::nullopt : filter->recover(exception, context);
    if (instead) {  // the observers stand inside the filters: to them the call has failed
      while (observed > 0) observers_[--observed]->after(context, {&exception});
    }
    return instead;
  };
  try {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& exception) {
      return ask(exception);
    } catch (...) {
      return ask(unknown_exception{});
    }
  } catch (const std::exception& thrown) {
    log.error("a filter of {}.{} threw: {}", info_.class_name, info_.method_name, thrown.what());
  } catch (...) {
    log.error("a filter of {}.{} threw", info_.class_name, info_.method_name);
  }
  return std::nullopt;
}

task<reply> handler_chain::run_guarded(execution_context& context, std::size_t& observed) const {
  for (guard* each : guards_) {
    const bool allowed = co_await each->can_activate(context);
    if (!allowed) refuse(context);
  }
  for (; observed < observers_.size(); ++observed) observers_[observed]->before(context);
  co_return co_await run_from(context, 0);
}

task<reply> handler_chain::run_from(execution_context& context, std::size_t next) const {
  if (next < interceptors_.size())
    return interceptors_[next]->intercept(context, call_handler{*this, context, next + 1});
  return endpoint_->call_async(context);
}

void handler_chain::record(const execution_context& context, bool failed) const noexcept {
  if (meter_) meter_->record(clock::now() - context.received_at(), failed);
}

void handler_chain::notify_late(execution_context& context, const std::exception_ptr& failure,
                                std::size_t observed) const noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& exception) {
    while (observed > 0) observers_[--observed]->after(context, {&exception});
  }
}

void handler_chain::notify_success(execution_context& context, std::size_t observed) const {
  record(context, false);
  while (observed > 0) observers_[--observed]->after(context, {});
}

void handler_chain::notify_abandoned(execution_context& context, std::size_t observed) const noexcept {
  record(context, true);
  const boost::system::system_error abandoned{boost::asio::error::operation_aborted, "the caller has gone"};
  while (observed > 0) observers_[--observed]->after(context, {&abandoned});
}

error_response handler_chain::fail(execution_context& context, const std::exception_ptr& failure,
                                   std::size_t observed) const noexcept {
  record(context, true);
  const auto answer = [&](const std::exception& exception) {
    while (observed > 0) observers_[--observed]->after(context, {&exception});
    return answer_for(exception, context);
  };
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& exception) {
    return answer(exception);
  } catch (...) {
    return answer(unknown_exception{});
  }
}

error_response handler_chain::answer_for(const std::exception& exception, execution_context& context) const noexcept {
  for (exception_filter* each : filters_) {
    try {
      if (each->catches(exception)) return each->catch_exception(exception, context);
    } catch (const std::exception& thrown) {
      log.error("a filter of {}.{} threw: {} (while it handled: {})", info_.class_name, info_.method_name,
                thrown.what(), exception.what());
      if (serializes_thrown(context)) return {500, members_of(thrown)};
      return default_error_response(unknown_exception{}, context);
    } catch (...) {
      log.error("a filter of {}.{} threw (while it handled: {})", info_.class_name, info_.method_name,
                exception.what());
      return default_error_response(unknown_exception{}, context);
    }
  }
  return default_error_response(exception, context);
}

}  // namespace nestcpp
