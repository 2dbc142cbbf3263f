#include "data/row_facts.hpp"

#include <gtest/gtest.h>

#include "data/row_source.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

TEST(RowFacts, AreWhatTheRowsAddUpTo) {
  const Dataset data =
      reference::random_dataset({.n_rows = 40, .n_features = 12, .missing = 0.2, .weights = true}, 3);
  const RowFacts facts(data);
  double total = 0, ones = 0, missing = 0;
  std::size_t n_ones = 0, n_missing = 0, most_ones = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    total += data.weights[i];
    if (test(data.ones, i, 5)) ones += data.weights[i];
    if (test(*data.missing, i, 5)) missing += data.weights[i];
    std::size_t in_row = 0;
    for (std::size_t d = 0; d < 12; ++d) {
      in_row += test(data.ones, i, d) ? 1U : 0U;
      n_missing += test(*data.missing, i, d) ? 1U : 0U;
    }
    n_ones += in_row;
    most_ones = std::max(most_ones, in_row);
  }
  EXPECT_EQ(facts.n_rows, 40U);
  EXPECT_EQ(facts.n_ones, n_ones);
  EXPECT_EQ(facts.n_missing, n_missing);
  EXPECT_EQ(facts.most_ones, most_ones);
  EXPECT_NEAR(facts.total_weight, total, 1e-12);
  EXPECT_NEAR(facts.ones[5], ones, 1e-12);
  EXPECT_NEAR(facts.missing[5], missing, 1e-12);
}

TEST(RowFacts, PartsMergeExactlyWhateverTheirSizes) {
  const Dataset data = reference::random_dataset({.n_rows = 100, .n_features = 70, .missing = 0.1}, 3);
  const RowsOfDataset source(data, Arithmetic::kFixed);
  const RowFacts whole(source, Arithmetic::kFixed);
  for (const std::size_t cut : {1U, 33U, 99U}) {
    RowFacts parts[2] = {RowFacts::of_none(source, Arithmetic::kFixed),
                         RowFacts::of_none(source, Arithmetic::kFixed)};
    RowBlock rows;
    source.load(0, cut, rows);
    parts[1].add(rows);
    source.load(cut, 100, rows);
    parts[0].add(rows);
    parts[0].merge(parts[1]);
    parts[0].finish();
    EXPECT_EQ(parts[0].n_rows, 100U);
    EXPECT_EQ(parts[0].n_ones, whole.n_ones);
    EXPECT_EQ(parts[0].ones, whole.ones);
    EXPECT_EQ(parts[0].missing, whole.missing);
    EXPECT_EQ(parts[0].total_weight, whole.total_weight);
    EXPECT_EQ(parts[0].codes_a_row, whole.codes_a_row);
  }
}

TEST(RowFacts, WeightOfSilentRowsInformsNobody) {
  Dataset data = reference::random_dataset({.n_rows = 3, .n_features = 2}, 3);
  BitMatrix ones(3, 2), missing(3, 2);
  missing.set(1, 0);
  missing.set(1, 1);
  data.ones = ones;
  data.missing = missing;
  data.weights = {1, 5, 2};
  const RowFacts facts(data);
  EXPECT_EQ(facts.total_weight, 8);
  EXPECT_EQ(facts.informative_weight, 3);
}

}  // namespace
}  // namespace mixbern
