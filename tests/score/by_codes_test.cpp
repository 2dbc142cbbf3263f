#include "score/by_codes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference.hpp"

namespace mixbern {
namespace {

// Scores differ between components as log joints do, for rows of either kind, spelt either way.
TEST(ByCodes, ScoresAreLogJointsLessWhatComponentsShare) {
  for (const bool sparse : {false, true}) {
    for (const Arithmetic how : {Arithmetic::kDouble, Arithmetic::kFixed}) {
      Dataset data = reference::random_dataset({.n_rows = 40, .n_features = 70, .missing = 0.1}, 3);
      if (sparse) data.ones = to_sparse(data.ones);
      const RowsOfDataset source(data, how);
      const Mixture mixture = reference::random_mixture(19, 70, 4);
      ScoreTable table;
      ASSERT_TRUE(table.assign(mixture, RowFacts(source, how)));
      table.lay_out(false);
      RowBlock rows;
      source.load(10, 40, rows);
      Scores scores;
      ByCodes(table).score(rows, scores);
      ASSERT_EQ(scores.form, Scores::Form::kRows);
      ASSERT_EQ(scores.n_rows(), 30U);
      for (std::size_t i = 0; i < 30; ++i) {
        const long double first = reference::log_joint(mixture, data, 10 + i, 0);
        for (std::size_t k = 1; k < 19; ++k) {
          const long double expected = reference::log_joint(mixture, data, 10 + i, k) - first;
          const double found = (scores.value(i, k) - scores.value(i, 0)) * scores.unit;
          EXPECT_NEAR(found, static_cast<double>(expected), 71 * scores.unit);
        }
      }
    }
  }
}

TEST(ByCodes, AHeldRowHasOneScore) {
  Dataset data = reference::random_dataset({.n_rows = 4, .n_features = 9}, 3);
  data.labels = {-1, 2, 0, -1};
  const RowsOfDataset source(data, Arithmetic::kFixed, true);
  ScoreTable table;
  ASSERT_TRUE(table.assign(reference::random_mixture(3, 9, 4), RowFacts(source, Arithmetic::kFixed)));
  table.lay_out(false);
  RowBlock rows;
  source.load(0, 4, rows);
  Scores scores;
  ByCodes(table).score(rows, scores);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      const bool ruled_out = scores.value(i, k) == std::numeric_limits<std::int32_t>::min();
      EXPECT_EQ(ruled_out, data.labels[i] >= 0 && data.labels[i] != static_cast<std::int64_t>(k));
    }
  }
}

TEST(ByCodes, CostGrowsWithCodesAndTiles) {
  const auto cost = [](std::size_t n_components, double codes_a_row) {
    return cost_by_codes({n_components, 100, false, codes_a_row, 1e6});
  };
  EXPECT_EQ(cost(16, 40), cost(1, 40));
  EXPECT_EQ(cost(32, 40), 2 * cost(16, 40));
  EXPECT_GT(cost(16, 80), cost(16, 40));
}

}  // namespace
}  // namespace mixbern
