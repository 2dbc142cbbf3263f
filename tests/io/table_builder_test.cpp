#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "mixbern/io/error.hpp"
#include "mixbern/io/table.hpp"

namespace mixbern {
namespace {

using Positions = std::vector<std::int32_t>;
using Texts = std::vector<std::string>;

TEST(TableBuilder, CodesColumnsAsFilesAreCoded) {
  TableBuilder table(3, 3, {"a", "b", "c"});
  table.add(0, 0, Positions{0, 1, -1}, Texts{"yes", "no"});
  table.add(1, 0, Positions{0, 0, 1}, Texts{"1.0", "2"});
  table.add(2, 0, Positions{0, 1, 2}, Texts{"NA", "b", "a"});
  const Dataset data = table.finish();
  validate(data);
  EXPECT_EQ(data.ones, Rows(BitMatrix(3, 3, {0b001, 0b100, 0b010})));
  EXPECT_EQ(data.missing, Rows(BitMatrix(3, 3, {0b100, 0, 0b001})));
  EXPECT_EQ(data.codings, (std::vector<Coding>{{"no", "yes"}, {"1", "2"}, {"a", "b"}}));
  EXPECT_EQ(data.feature_names, (Texts{"a", "b", "c"}));
}

TEST(TableBuilder, TakesStretchesInAnyOrder) {
  TableBuilder table(4, 1, {});
  table.add(0, 2, Positions{0, 1}, Texts{"B", "A"});
  table.add(0, 0, Positions{0, 0}, Texts{"B"});
  const Dataset data = table.finish();
  EXPECT_EQ(data.ones, Rows(BitMatrix(4, 1, {1, 1, 1, 0})));
  EXPECT_FALSE(data.missing);
}

TEST(TableBuilder, AppliesStoredCodings) {
  TableBuilder table(2, 1, {"a"}, {{"2", "1"}});
  table.add(0, 0, Positions{0, 1}, Texts{"1", "2"});
  EXPECT_EQ(table.finish().ones, Rows(BitMatrix(2, 1, {1, 0})));
}

TEST(TableBuilder, NamesColumnAndValueThatDoNotFit) {
  TableBuilder table(3, 2, {"a", "b"});
  try {
    table.add(1, 0, Positions{0, 1, 2}, Texts{"x", "y", "z"});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                ::testing::StartsWith("column 2 ('b') holds a third value, 'z', after 'x' and 'y'"));
  }
  TableBuilder coded(1, 1, {}, {{"0", "1"}});
  try {
    coded.add(0, 0, Positions{0}, Texts{"7"});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("column 1 holds '7', which is neither '0' nor '1'"));
  }
}

TEST(TableBuilder, WarnsOfColumnsThatSayNothing) {
  TableBuilder table(1, 2, {"a", "b"});
  table.add(0, 0, Positions{0}, Texts{"1"});
  table.add(1, 0, Positions{-1}, Texts{});
  Texts warnings;
  table.finish([&](const std::string& text) { warnings.push_back(text); });
  EXPECT_THAT(warnings, ::testing::ElementsAre(::testing::HasSubstr("one value only ('a')"),
                                               ::testing::HasSubstr("no value at all ('b')")));
}

TEST(TableBuilder, RefusesCellsOutsideTheTable) {
  EXPECT_THROW(TableBuilder(1, 2, {"a"}), std::invalid_argument);
  TableBuilder table(1, 1, {});
  EXPECT_THROW(table.add(1, 0, Positions{0}, Texts{"0"}), std::invalid_argument);
  EXPECT_THROW(table.add(0, 1, Positions{0}, Texts{"0"}), std::invalid_argument);
  EXPECT_THROW(table.add(0, 0, Positions{1}, Texts{"0"}), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
