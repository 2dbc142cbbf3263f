#include "data/row_block.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "reference.hpp"

namespace mixbern {
namespace {

Dataset some_rows() {
  Dataset data =
      reference::random_dataset({.n_rows = 30, .n_features = 90, .missing = 0.1, .weights = true}, 3);
  for (std::int64_t i = 0; i < 30; ++i) data.labels.push_back(i % 3 - 1);
  return data;
}

std::vector<std::uint32_t> codes_of(const RowCodes& codes, std::size_t i) {
  return {codes.codes() + codes.offsets()[i], codes.codes() + codes.offsets()[i + 1]};
}

TEST(RowBlock, RowsAreNumberedFromZeroAndBringWhatBelongsToThem) {
  const Dataset data = some_rows();
  RowBlock rows;
  rows.load(data, 10, 25, true);
  EXPECT_EQ(rows.begin(), 10U);
  ASSERT_EQ(rows.size(), 15U);
  EXPECT_TRUE(rows.has_missing() && rows.is_weighted() && rows.holds_labels());
  for (std::size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(rows.weight(i), data.weights[10 + i]);
    EXPECT_TRUE(std::ranges::equal(rows.allowed(i), data.class_sets.allowed(data.labels[10 + i])));
    for (std::size_t d = 0; d < 90; ++d) {
      EXPECT_EQ(rows.ones().test(i, d), test(data.ones, 10 + i, d));
      EXPECT_EQ(rows.missing().test(i, d), test(*data.missing, 10 + i, d));
    }
  }
}

TEST(RowBlock, HoldsNothingOverFromTheRowsBefore) {
  const Dataset data = some_rows();
  const Dataset plain = reference::random_dataset({.n_rows = 5, .n_features = 9}, 4);
  RowBlock rows;
  rows.load(data, 0, 30, true);
  rows.spell();
  rows.load(plain, 0, 5, true);
  EXPECT_FALSE(rows.has_missing() || rows.is_weighted() || rows.holds_labels());
  EXPECT_EQ(rows.weight(0), 1);
  EXPECT_TRUE(rows.allowed(0).empty());
  rows.spell();
  EXPECT_EQ(codes_of(rows.codes(), 4).size(), rows.ones().count_ones(4));
}

TEST(RowBlock, LabelsAreHeldOnlyWhereThatIsWanted) {
  RowBlock rows;
  const Dataset data = some_rows();
  rows.load(data, 0, 30, false);
  EXPECT_FALSE(rows.holds_labels());
  EXPECT_TRUE(rows.allowed(1).empty());
}

TEST(RowBlock, RowsWithoutAnyObservedCellAreSilent) {
  Dataset data = reference::random_dataset({.n_rows = 2, .n_features = 70}, 3);
  BitMatrix ones(2, 70), missing(2, 70);
  for (std::size_t d = 0; d < 70; ++d) missing.set(0, d);
  missing.set(1, 3);
  data.ones = ones;
  data.missing = missing;
  RowBlock rows;
  rows.load(data, 0, 2, false);
  EXPECT_TRUE(rows.is_silent(0));
  EXPECT_FALSE(rows.is_silent(1));
}

// Some rows are spelt as all are, whether codes are kept or not.
TEST(RowBlock, ChosenRowsAreSpeltAsAllAre) {
  const Dataset data = some_rows();
  const KeptCodes none;
  for (const Encoding encoding : {Encoding::kColumns, Encoding::kGroups}) {
    const Encodings encodings{encoding, encoding};
    const KeptCodes all(data, encodings);
    RowBlock whole;
    whole.load(data, 5, 30, false, encodings);
    whole.spell();
    for (const KeptCodes* kept : {&none, &all}) {
      RowBlock rows;
      rows.load(data, 5, 30, false, encodings, *kept);
      const std::vector<std::uint32_t> wanted = {3, 4, 17, 24};
      const RowBlock::Chosen chosen = rows.spell(wanted);
      for (std::size_t j = 0; j < wanted.size(); ++j) {
        const std::size_t i = chosen.rows == nullptr ? j : chosen.rows[j];
        EXPECT_EQ(codes_of(chosen.codes, i), codes_of(whole.codes(), wanted[j]));
      }
    }
  }
}

}  // namespace
}  // namespace mixbern
