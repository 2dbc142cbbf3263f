#include "mixbern/statistics/likelihood_ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "support.hpp"

namespace mixbern {
namespace {

TEST(WeightedChiSquared, OfEqualWeightsIsChiSquared) {
  for (const std::size_t n : {4U, 10U, 30U}) {
    for (const double x : {0.5, 5.0, 20.0, 60.0}) {
      EXPECT_NEAR(weighted_chi_squared_p_value(2 * x, std::vector<double>(n, 2.0)),
                  chi_squared_p_value(x, static_cast<double>(n)), 2e-5);
    }
  }
}

TEST(WeightedChiSquared, OfPairsIsASumOfExponentials) {
  // Σ of pairs is a sum of exponentials: P = Σ_j Π_{l≠j} λ_j / (λ_j − λ_l) exp(−x / (2 λ_j)).
  const double l[] = {.6, .3, .1};
  for (const double x : {0.5, 2.0, 6.0}) {
    double expected = 0;
    for (int j = 0; j < 3; ++j) {
      double factor = 1;
      for (int m = 0; m < 3; ++m) factor *= m == j ? 1 : l[j] / (l[j] - l[m]);
      expected += factor * std::exp(-x / (2 * l[j]));
    }
    EXPECT_NEAR(weighted_chi_squared_p_value(x, std::vector<double>{.6, .6, .3, .3, .1, .1}), expected, 2e-5);
  }
  EXPECT_NEAR(weighted_chi_squared_p_value(0, std::vector<double>{1, 1, -1, -1}), 0.5, 1e-5);
  EXPECT_TRUE(std::isnan(weighted_chi_squared_p_value(1, {})));
}

TEST(LikelihoodRatio, OfCarcinoma) {
  const Dataset data = table("carcinoma");
  const auto mixture = [&](std::size_t k) { return fit(data, {.n_components = k}).mixture; };
  const LikelihoodRatioTest needed = likelihood_ratio_test(mixture(1), mixture(2), data);
  EXPECT_NEAR(needed.plain.statistic, 414.42, 0.01);
  EXPECT_NEAR(needed.adjusted.statistic, needed.plain.statistic / (1 + 1 / (8 * std::log(118.0))), 1e-9);
  EXPECT_LT(needed.plain.p_value, 1e-3);
  const LikelihoodRatioTest not_needed = likelihood_ratio_test(mixture(3), mixture(4), data);
  EXPECT_GT(not_needed.plain.p_value, 0.01);
  EXPECT_GE(not_needed.adjusted.p_value, not_needed.plain.p_value);
  EXPECT_THROW(likelihood_ratio_test(mixture(2), mixture(2), data), std::invalid_argument);
}

TEST(LikelihoodRatio, OfUnluckyData) {
  const Mixture one({1}, {1, 1}), two({.5, .5}, {1, 1, 1, 1});
  BitMatrix all(2, 2);
  for (std::size_t i = 0; i < 2; ++i) all.set(i, 0), all.set(i, 1);
  EXPECT_NO_THROW(likelihood_ratio_test(one, two, {.ones = all}));
  EXPECT_NO_THROW(likelihood_ratio_test(one, two, {.ones = BitMatrix(2, 2), .missing = all}));
}

}  // namespace
}  // namespace mixbern
