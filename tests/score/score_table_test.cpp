#include "score/score_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reference.hpp"

namespace mixbern {
namespace {

TEST(ScoreTable, HoldsNoParameterThatIsZeroOrOne) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 2);
  const RowFacts facts(data);
  const Mixture certain({1, 1}, {1, 0, 0.5, 0.25, 0.125, 0.5, 0.5, 0.5, 0.5, 0.5});
  const Mixture extreme({1, 1}, {1e-300, 0.1, 0.5, 0.25, 0.125, 0.5, 0.5, 0.5, 0.5, 0.5});
  EXPECT_FALSE(ScoreTable().assign(certain, facts));
  EXPECT_TRUE(ScoreTable().assign(extreme, facts));
  EXPECT_FALSE(ScoreTable().assign({{1, 0}, std::vector<double>(10, 0.5)}, facts));
}

TEST(ScoreTable, HoldsNoRowsSoLongThatNoBitsAreLeftBelowThePoint) {
  RowFacts wide(reference::random_dataset({.n_rows = 60, .n_features = 5}, 2));
  wide.most_ones = 1'000'000;
  wide.ones.assign(1'000'000, 0);
  const Mixture alike({1, 1}, std::vector<double>(2'000'000, 1e-9));
  EXPECT_TRUE(ScoreTable().assign(alike, wide));  // nothing to add up
  std::vector<double> different(2'000'000, 1e-9);
  std::fill_n(different.begin(), 1'000'000, 0.5);
  EXPECT_FALSE(ScoreTable().assign({{1, 1}, different}, wide));
}

// b_k + Σ w_kd less what all components share: entries and what rounding took off make up the log odds.
TEST(ScoreTable, EntriesAndWhatRoundingTookOffAreTheLogOdds) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 70, .missing = 0.1}, 2);
  const Mixture mixture = reference::random_mixture(19, 70, 3);
  ScoreTable table;
  ASSERT_TRUE(table.assign(mixture, RowFacts(data)));
  table.lay_out(true);
  const auto log_odds = [&](std::size_t k, std::size_t d) {
    const double theta = mixture.probabilities(k)[d];
    return std::log(theta) - std::log(1 - theta);
  };
  for (std::size_t d = 0; d < 70; ++d) {
    for (std::size_t k = 1; k < 19; ++k) {
      const auto entry = [&](std::size_t j) {
        return table.ones().weights(j)[d] * table.unit() + table.ones_errors()[j * 70 + d];
      };
      EXPECT_NEAR(entry(k) - entry(0), log_odds(k, d) - log_odds(0, d), 1e-12);
      EXPECT_EQ(table.ones().tile(k / 16)[d * 16 + k % 16], table.ones().weights(k)[d]);
    }
  }
  EXPECT_EQ(*std::max_element(table.base().begin(), table.base().begin() + 19), 0);
}

}  // namespace
}  // namespace mixbern
