#pragma once
/// @file nestcpp/app/idempotency_interceptor.hpp
/// @brief The header `Idempotency-Key`: a request that is sent again has its effect once, and the same answer.

#include <nestcpp/app/idempotency_store.hpp>
#include <nestcpp/pipeline/interceptor.hpp>

namespace nestcpp {

/// `use_interceptors<idempotency_interceptor>()`, with an `idempotency_store` among the providers:
/// `provide_factory<nest::idempotency_store>([] { return std::make_unique<nest::memory_idempotency_store>(); })`.
///
/// Of requests with the header (IETF draft "The Idempotency-Key HTTP Header Field"), the first runs; what came of it is
/// kept, refusals (below 500) too, and answered again, with `Idempotent-Replayed: true`. While it runs, others with the
/// key are answered 409, and those with the key but another method, URL or body 422. What failed (500 and above, a time
/// limit) is not kept: the next one runs. Keys count for a route each; requests without the header pass, and so do GET,
/// HEAD and OPTIONS, and messages. Headers that the handler sets are not kept. Streams are not kept.
/// @par Thread safety Safe.
class idempotency_interceptor : public interceptor {
 public:
  explicit idempotency_interceptor(idempotency_store& store) : store_{&store} {}
  task<reply> intercept(execution_context& context, call_handler next) override;

 private:
  idempotency_store* store_;
};

}  // namespace nestcpp
