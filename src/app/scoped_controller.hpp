#pragma once
// A controller of which each call has its own, and where a call keeps what is its own.

#include <nestcpp/module/container.hpp>
#include <nestcpp/pipeline/controller_source.hpp>

namespace nestcpp::detail {

/// The instances of this container's that the call has; made at the first question.
[[nodiscard]] call_instances& instances_of(container& from, execution_context& context);

/// Lets classes ask for the call they belong to.
void provide_calls(container& to);

class scoped_controller final : public instance_source {
 public:
  scoped_controller(container& from, const controller_record& record) : from_{&from}, record_{record} {}
  [[nodiscard]] void* get(execution_context& context) const override {
    return instances_of(*from_, context).controller(record_);
  }

 private:
  container* from_;
  controller_record record_;
};

}  // namespace nestcpp::detail
