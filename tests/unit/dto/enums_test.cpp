#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace {

using shop::Level;
using shop::Status;

static_assert(nestcpp::described_enum<Status>);
static_assert(nestcpp::enum_name(Status::sent) == "sent");
static_assert(nestcpp::parse_enum<Level>("HIGH") == Level::high);

TEST(Enums, TravelByName) {
  EXPECT_EQ(nestcpp::to_json(Status::failed), "\"failed\"");
  EXPECT_EQ(nestcpp::from_json<Status>("\"s\\u0065nt\""), Status::sent);
  EXPECT_EQ(nestcpp::from_json<Level>("\"LOW\""), Level::low);
  EXPECT_EQ(nestcpp::enum_names<Level>(), "LOW, HIGH");
}

TEST(Enums, OtherTextsAreNoValues) {
  EXPECT_EQ(nestcpp::parse_enum<Status>("SENT"), std::nullopt);
  EXPECT_EQ(nestcpp::parse_enum<Status>(""), std::nullopt);
  EXPECT_EQ(nestcpp::enum_name(static_cast<Status>(77)), "");
}

}  // namespace
