#include "mixbern/statistics/goodness_of_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "support.hpp"

namespace mixbern {
namespace {

TEST(GoodnessOfFit, OfPublishedTables) {
  const struct {
    const char* name;
    std::size_t n_components;
    double g2, degrees_of_freedom;
    bool sparse;
  } known[] = {{"carcinoma", 2, 62.3654, 112, true},
               {"carcinoma", 3, 15.2617, 104, true},
               {"values", 2, 2.7199, 6, false},
               {"cheating", 2, 7.7642, 6, false}};
  for (const auto& k : known) {
    const Dataset data = table(k.name);
    const GoodnessOfFit result = goodness_of_fit(fit(data, {.n_components = k.n_components}).mixture, data);
    EXPECT_NEAR(result.g2.statistic, k.g2, 1e-4) << k.name;
    EXPECT_EQ(result.degrees_of_freedom, k.degrees_of_freedom) << k.name;
    EXPECT_EQ(result.sparse, k.sparse) << k.name;
  }
}

TEST(GoodnessOfFit, PValues) {
  // Abramowitz and Stegun, table 26.8.
  EXPECT_NEAR(chi_squared_p_value(3.84146, 1), 0.05, 1e-6);
  EXPECT_NEAR(chi_squared_p_value(18.3070, 10), 0.05, 1e-6);
  EXPECT_EQ(chi_squared_p_value(INFINITY, 3), 0);
  EXPECT_TRUE(std::isnan(chi_squared_p_value(1, 0)));
  EXPECT_TRUE(std::isnan(chi_squared_p_value(1, -2)));
  EXPECT_TRUE(std::isnan(chi_squared_p_value(1, INFINITY)));
}

// All cells of all tables, one by one.
struct Slow {
  double g2 = 0, x2 = 0, power = 0, cells = 0;
};
Slow slow_statistics(const Mixture& mixture, const Dataset& data) {
  std::map<std::string, std::map<std::size_t, double>> tables;
  const std::size_t n_features = data.n_features();
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    std::string mask;
    std::size_t pattern = 0, answers = 0;
    for (std::size_t d = 0; d < n_features; ++d) {
      const bool missing = reference::is_missing(data, i, d);
      mask += missing ? '.' : 'x';
      answers += missing ? 0U : 1U;
      if (test(data.ones, i, d)) pattern |= std::size_t{1} << d;
    }
    if (answers > 0 && data.weight(i) > 0) tables[mask][pattern] += data.weight(i);
  }
  Slow sums;
  for (const auto& [mask, counts] : tables) {
    double n = 0;
    for (const auto& [pattern, count] : counts) n += count;
    for (std::size_t pattern = 0; pattern < (std::size_t{1} << n_features); ++pattern) {
      bool possible = true;
      double p = 0;
      for (std::size_t d = 0; d < n_features; ++d) possible &= mask[d] == 'x' || ((pattern >> d) & 1U) == 0;
      if (!possible) continue;
      for (std::size_t k = 0; k < mixture.n_components(); ++k) {
        double joint = mixture.weights()[k];
        for (std::size_t d = 0; d < n_features; ++d) {
          const double theta = mixture.probabilities(k)[d];
          if (mask[d] == 'x') joint *= ((pattern >> d) & 1U) != 0 ? theta : 1 - theta;
        }
        p += joint;
      }
      const double e = n * p, o = counts.contains(pattern) ? counts.at(pattern) : 0;
      sums.cells += 1;
      sums.x2 += (o - e) * (o - e) / e;
      if (o > 0) {
        sums.g2 += 2 * o * std::log(o / e);
        sums.power += 1.8 * o * (std::pow(o / e, 2.0 / 3) - 1);
      }
    }
  }
  return sums;
}

TEST(GoodnessOfFit, IsTheSumOverAllCells) {
  for (const double missing : {0.0, 0.3}) {
    const Dataset data =
        reference::random_dataset({.n_rows = 150, .n_features = 5, .missing = missing, .weights = true}, 9);
    const Mixture mixture = reference::random_mixture(3, 5, 2);
    const Slow slow = slow_statistics(mixture, data);
    const GoodnessOfFit result = goodness_of_fit(mixture, data);
    EXPECT_EQ(result.n_cells, slow.cells);
    EXPECT_NEAR(result.g2.statistic, slow.g2, 1e-9 * std::abs(slow.g2));
    EXPECT_NEAR(result.x2.statistic, slow.x2, 1e-9 * slow.x2);
    EXPECT_NEAR(result.cressie_read.statistic, slow.power, 1e-9 * slow.power);
  }
}

TEST(GoodnessOfFit, OfAPatternThatCannotBe) {
  BitMatrix ones(2, 1);
  ones.set(0, 0);
  const GoodnessOfFit result = goodness_of_fit(Mixture({1}, {0}), {.ones = ones});
  EXPECT_TRUE(std::isinf(result.g2.statistic));
  EXPECT_TRUE(std::isnan(result.g2.p_value));  // no degree of freedom
}

TEST(GoodnessOfFit, OfWideTablesHasNoPValue) {
  const Dataset data = reference::random_dataset({.n_rows = 20, .n_features = 2000}, 1);
  const GoodnessOfFit result = goodness_of_fit(reference::random_mixture(2, 2000, 1), data);
  EXPECT_TRUE(result.sparse);
  EXPECT_TRUE(std::isnan(result.g2.p_value));
}

TEST(BivariateResiduals, AreThoseOfTheFourCells) {
  for (const double missing : {0.0, 0.25}) {
    const Dataset data =
        reference::random_dataset({.n_rows = 120, .n_features = 6, .missing = missing, .weights = true}, 5);
    const Mixture mixture = reference::random_mixture(2, 6, 6);
    const std::vector<double> residuals = bivariate_residuals(mixture, data);
    ASSERT_EQ(residuals.size(), 15U);
    for (std::size_t a = 0; a < 6; ++a) {
      for (std::size_t b = a + 1; b < 6; ++b) {
        double observed[2][2] = {}, n = 0, expected = 0;
        for (std::size_t i = 0; i < data.n_rows(); ++i) {
          if (reference::is_missing(data, i, a) || reference::is_missing(data, i, b)) continue;
          observed[test(data.ones, i, a)][test(data.ones, i, b)] += data.weight(i);
          n += data.weight(i);
        }
        for (int x = 0; x < 2; ++x) {
          for (int y = 0; y < 2; ++y) {
            double p = 0;
            for (std::size_t k = 0; k < 2; ++k) {
              const double ta = mixture.probabilities(k)[a], tb = mixture.probabilities(k)[b];
              p += mixture.weights()[k] * (x ? ta : 1 - ta) * (y ? tb : 1 - tb);
            }
            expected += (observed[x][y] - n * p) * (observed[x][y] - n * p) / (n * p);
          }
        }
        EXPECT_NEAR(residuals[pair_index(a, b, 6)], expected, 1e-9 * expected) << a << ' ' << b;
      }
    }
  }
}

TEST(PatternResiduals, LargestFirst) {
  const Dataset data = table("values");
  const Mixture mixture = fit(data, {.n_components = 2}).mixture;
  const auto all = pattern_residuals(mixture, data, 1000);
  EXPECT_EQ(all.size(), goodness_of_fit(mixture, data).n_patterns);
  double observed = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_LE(std::abs(all[i].residual), std::abs(all[i == 0 ? 0 : i - 1].residual));
    EXPECT_NEAR(all[i].residual, (all[i].observed - all[i].expected) / std::sqrt(all[i].expected), 1e-12);
    observed += all[i].observed;
  }
  EXPECT_EQ(observed, 216);
  EXPECT_EQ(pattern_residuals(mixture, data, 2).size(), 2U);
}

}  // namespace
}  // namespace mixbern
