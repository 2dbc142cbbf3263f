#include "io/category_columns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "mixbern/io/table.hpp"
#include "support.hpp"

namespace mixbern {
namespace {

using Texts = std::vector<std::string>;

TEST(CategoryColumns, SortAnswersAndMakeOneFeatureOfEach) {
  io::CategoryColumns columns({1}, {});
  Dataset data{.ones = BitMatrix(4, 2, {0b01, 0b00, 0b01, 0b00}),
               .missing = BitMatrix(4, 2, {0, 0, 0, 0b10})};
  data.feature_names = {"x", "q"};
  data.codings = {{"no", "yes"}, {}};
  for (std::size_t row = 0; row < 3; ++row)
    columns.put(1, row, columns.code(1, Texts{"10", "two", "9"}[row]).answer);
  EXPECT_EQ(columns.code(1, "NA").cell, io::Cell::kMissing);
  columns.expand(data);
  ASSERT_EQ(data.categorical.size(), 1U);
  EXPECT_EQ(data.categorical[0], (CategoricalItem{"q", 1, {"9", "10", "two"}}));
  EXPECT_EQ(data.feature_names, (Texts{"x", "q=9", "q=10", "q=two"}));
  EXPECT_EQ(std::get<BitMatrix>(data.ones).words()[0], 0b0101U);
  EXPECT_EQ(std::get<BitMatrix>(data.ones).words()[2], 0b0011U);
  EXPECT_EQ(std::get<BitMatrix>(*data.missing).words()[3], 0b1110U);
  EXPECT_EQ(column_names(data), (Texts{"x", "q"}));
  EXPECT_NO_THROW(validate(data));
}

TEST(CategoryColumns, AnswersKeepAnOrderThatIsGiven) {
  const auto answers_of = [](const Texts& order, const Texts& cells) {
    TableBuilder table(cells.size(), 1, {"q"}, {}, {}, {}, {"q"});
    table.order(0, order);
    std::vector<std::int32_t> positions(cells.size());
    std::iota(positions.begin(), positions.end(), 0);
    table.add(0, 0, positions, cells);
    const Dataset data = table.finish();
    EXPECT_NO_THROW(validate(data));
    for (std::size_t i = 0; i < cells.size() && !data.categorical.empty(); ++i) {
      const auto& known = data.categorical[0].categories;
      EXPECT_TRUE(
          test(data.ones, i, static_cast<std::size_t>(std::ranges::find(known, cells[i]) - known.begin())));
    }
    return data.categorical.empty() ? Texts{data.codings[0].zero, data.codings[0].one}
                                    : data.categorical[0].categories;
  };
  EXPECT_EQ(answers_of({"low", "mid", "unseen", "high"}, {"high", "low", "mid"}),
            (Texts{"low", "mid", "high"}));
  EXPECT_EQ(answers_of({"3.0", "2.0", "1.0"}, {"1", "2", "3"}), (Texts{"3", "2", "1"}));
  EXPECT_EQ(answers_of({"mid"}, {"low", "high", "mid"}), (Texts{"mid", "high", "low"}));
  EXPECT_EQ(answers_of({"yes", "unsure", "no"}, {"no", "yes"}), (Texts{"no", "yes"}));
}

TEST(CategoryColumns, OneOfTwoAnswersIsAFeatureAsAnyOther) {
  io::CategoryColumns columns({0}, {});
  Dataset data{.ones = BitMatrix(2, 1)};
  data.codings = {{}};
  columns.put(0, 0, columns.code(0, "Yes").answer);
  columns.put(0, 1, columns.code(0, "no").answer);
  columns.expand(data);
  EXPECT_TRUE(data.categorical.empty());
  EXPECT_EQ(data.codings[0], (Coding{"no", "Yes"}));
  EXPECT_TRUE(test(data.ones, 0, 0));
}

TEST(CategoryColumns, RefuseMoreAnswersThanAnItemHas) {
  io::CategoryColumns columns({0}, {});
  for (std::size_t i = 0; i < io::CategoryColumns::kMostAnswers; ++i)
    EXPECT_EQ(columns.code(0, std::to_string(i)).cell, io::Cell::kZero);
  EXPECT_EQ(columns.code(0, "one more").cell, io::Cell::kRefused);
}

TEST(CategoryColumns, OfAModelKnowItsAnswersOnly) {
  const std::vector<CategoricalItem> items = {{"q", 1, {"a", "b", "c"}}};
  TableBuilder table(2, 2, {"x", "q"}, {{"0", "1"}, {"0", "1"}, {"0", "1"}, {"0", "1"}}, {}, items);
  const std::vector<std::int32_t> positions = {1, 0};
  table.add(1, 0, positions, Texts{"c", "a"});
  EXPECT_THROW(table.add(1, 0, positions, Texts{"d", "a"}), InputError);
  const Dataset data = table.finish();
  EXPECT_EQ(data.categorical, items);
  EXPECT_TRUE(test(data.ones, 0, 1) && test(data.ones, 1, 3));
}

}  // namespace
}  // namespace mixbern
