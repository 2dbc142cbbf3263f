#include "mixbern/statistics/agreement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>

namespace mixbern {
namespace {

using Labels = std::vector<std::int64_t>;
using Components = std::vector<std::size_t>;

TEST(Agreement, OfAKnownTable) {
  // Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), figure 16.4: purity 0.71,
  // NMI 0.36, Rand index 0.68.
  Components components;
  Labels labels;
  const int counts[3][3] = {{5, 1, 0}, {1, 4, 1}, {2, 0, 3}};
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t l = 0; l < 3; ++l) {
      components.insert(components.end(), static_cast<std::size_t>(counts[k][l]), k);
      labels.insert(labels.end(), static_cast<std::size_t>(counts[k][l]), static_cast<std::int64_t>(10 * l));
    }
  }
  const Agreement result = agreement(components, 3, labels);
  EXPECT_EQ(result.n, 17);
  EXPECT_EQ(result.labels, (Labels{0, 10, 20}));
  EXPECT_EQ(result.table[1 * 3 + 0], 1);
  EXPECT_EQ(result.table[2 * 3 + 2], 3);
  EXPECT_NEAR(result.purity, 12.0 / 17, 1e-12);
  EXPECT_NEAR(result.normalised_mutual_information, 0.36, 5e-3);
  // 20 pairs together in both, 40 by component, 44 by label, 136 in all.
  EXPECT_NEAR(result.adjusted_rand, (20 - 40.0 * 44 / 136) / (42 - 40.0 * 44 / 136), 1e-12);
}

TEST(Agreement, OfTheSameGroupsIsOne) {
  const Agreement result = agreement(Components{0, 1, 1, 2}, 3, Labels{7, 5, 5, 1});
  EXPECT_DOUBLE_EQ(result.purity, 1);
  EXPECT_DOUBLE_EQ(result.adjusted_rand, 1);
  EXPECT_DOUBLE_EQ(result.normalised_mutual_information, 1);
  const Agreement one = agreement(Components{0, 0}, 1, Labels{3, 3});
  EXPECT_EQ(one.adjusted_rand, 1);
  EXPECT_EQ(one.normalised_mutual_information, 1);
}

TEST(Agreement, LeavesUnknownLabelsOut) {
  const Agreement some = agreement(Components{0, 1, 1, 0}, 2, Labels{0, 1, -1, 0});
  const Agreement known = agreement(Components{0, 1, 0}, 2, Labels{0, 1, 0});
  EXPECT_EQ(some.n, 3);
  EXPECT_EQ(some.adjusted_rand, known.adjusted_rand);
  EXPECT_EQ(agreement(Components{0}, 1, Labels{-1}).n, 0);
}

TEST(Agreement, TakesWeightsAsRepeatedRows) {
  const Agreement weighted = agreement(Components{0, 1, 1}, 2, Labels{0, 1, 0}, std::vector<double>{2, 3, 1});
  const Agreement repeated = agreement(Components{0, 0, 1, 1, 1, 1}, 2, Labels{0, 0, 1, 1, 1, 0});
  EXPECT_DOUBLE_EQ(weighted.adjusted_rand, repeated.adjusted_rand);
  EXPECT_EQ(weighted.table, repeated.table);
}

TEST(Agreement, RefusesWhatDoesNotFit) {
  EXPECT_THROW(agreement(Components{0}, 1, Labels{0, 1}), std::invalid_argument);
  EXPECT_THROW(agreement(Components{2}, 2, Labels{0}), std::invalid_argument);
}

TEST(LeastCostAssignment, IsTheBestOfAllPermutations) {
  std::mt19937_64 engine(1);
  for (std::size_t n = 1; n <= 6; ++n) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::vector<double> costs(n * n);
      for (double& cost : costs) cost = std::uniform_real_distribution<double>(-1, 1)(engine);
      const auto total = [&](const std::vector<std::size_t>& columns) {
        double sum = 0;
        for (std::size_t row = 0; row < n; ++row) sum += costs[row * n + columns[row]];
        return sum;
      };
      std::vector<std::size_t> order(n);
      std::iota(order.begin(), order.end(), std::size_t{0});
      double best = INFINITY;
      do best = std::min(best, total(order));
      while (std::ranges::next_permutation(order).found);
      const auto found = least_cost_assignment(costs, n);
      EXPECT_TRUE(std::ranges::is_permutation(found, order));
      EXPECT_NEAR(total(found), best, 1e-12);
    }
  }
}

}  // namespace
}  // namespace mixbern
