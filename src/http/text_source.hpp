#pragma once
// A body that is there already, given piece by piece, so that others have their turn in between.

#include <nestcpp/http/http_body_source.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace nestcpp::detail {

class text_source final : public http_body_source {
 public:
  static constexpr std::size_t piece_size = 64 * 1024;

  text_source(event_loop& on, std::string text) noexcept : http_body_source{on}, text_{std::move(text)} {}

  [[nodiscard]] task<bool> next(std::string& to) override {
    if (at_ == text_.size()) co_return false;
    const std::size_t taken = std::min(piece_size, text_.size() - at_);
    to.append(text_, at_, taken);
    at_ += taken;
    co_return true;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return text_.size(); }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace nestcpp::detail
