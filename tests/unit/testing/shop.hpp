#pragma once
// Two small services for the tests of the kit: orders, which asks stock and tells of what it did.

#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/nestcpp.hpp>

#include <atomic>
#include <string>

namespace shop {

namespace nest = nestcpp;

struct ReserveDto {
  std::string article;
  int pieces = 1;
};
NEST_DTO(ReserveDto, NEST_FIELD(article, is_string(), is_not_empty()), NEST_FIELD(pieces, is_int(), min(1)));

struct ReservedDto {
  int left = 0;
};
NEST_DTO(ReservedDto, NEST_FIELD(left));

struct OrderedEvent {
  std::string article;
};
NEST_DTO(OrderedEvent, NEST_FIELD(article));

using reserve = nest::message<"stock.reserve", ReserveDto, ReservedDto>;
using order = nest::message<"order", ReserveDto, ReservedDto>;
using slow = nest::message<"slow", ReserveDto, ReservedDto>;
using count_down = nest::message<"count.down", ReserveDto, nest::stream<ReservedDto>>;
using ordered = nest::event<"ordered", OrderedEvent>;

class StockController {
  NEST_CONTROLLER(StockController);

 public:
  NEST_MESSAGE_PATTERN(reserve, shop::reserve);
  ReservedDto reserve(ReserveDto dto) {
    left -= dto.pieces;
    if (left < 0) throw nest::conflict_exception{"sold out"};
    return {left};
  }

  NEST_MESSAGE_PATTERN(count, count_down);
  nest::stream<ReservedDto> count(ReserveDto dto) {
    for (int i = dto.pieces; i > 0; --i) co_yield ReservedDto{i};
  }

  NEST_EVENT_PATTERN(on_ordered, ordered);
  nest::task<void> on_ordered(OrderedEvent event) {
    heard = event.article;
    ++events;
    co_return;
  }

  std::atomic<int> left{10};
  std::atomic<int> events{0};
  std::string heard;
};

struct StockModule : nest::module {
  StockModule() { controllers<StockController>(); }
};

class StockClient : public nest::typed_client {
  NEST_CLIENT(StockClient, "stock", timeout(2s), retry(exponential_backoff{.attempts = 3, .initial = 100ms}));

 public:
  NEST_SEND(reserve, shop::reserve);
  NEST_SEND(count, count_down);
  NEST_EMIT(ordered, shop::ordered);
};

// What tests replace.
struct PriceList {
  virtual ~PriceList() = default;
  virtual int price() const { return 100; }
};
struct AdminGuard : nest::plain_guard {
  bool can_activate_now(nest::execution_context& context) override { return context.header("x-admin") == "yes"; }
};

struct PriceDto {
  int price = 0;
};
NEST_DTO(PriceDto, NEST_FIELD(price));

class OrdersController {
  NEST_CONTROLLER(OrdersController, "/orders");

 public:
  OrdersController(StockClient& stock, const PriceList& prices) : stock_{stock}, prices_{prices} {}

  NEST_MESSAGE_PATTERN(order, shop::order);
  NEST_POST(order, "/");
  nest::task<ReservedDto> order(ReserveDto dto) {
    const std::string article = dto.article;
    const ReservedDto reserved = co_await stock_.reserve(std::move(dto));
    co_await stock_.ordered({article});
    co_return reserved;
  }

  NEST_MESSAGE_PATTERN(slow, shop::slow);
  NEST_POST(slow, "/slow");
  nest::task<ReservedDto> slow(ReserveDto dto) {
    co_await nest::sleep_for(std::chrono::seconds{dto.pieces});
    co_return ReservedDto{dto.pieces};
  }

  NEST_GET(price, "/price", use_guards<AdminGuard>());
  PriceDto price() { return {prices_.price()}; }

 private:
  StockClient& stock_;
  const PriceList& prices_;
};

struct OrdersModule : nest::module {
  OrdersModule() {
    clients<StockClient>(nest::tcp_client_options{.host = "127.0.0.1", .port = 1});  // nobody listens there
    provide<PriceList>();
    controllers<OrdersController>();
  }
};

}  // namespace shop
