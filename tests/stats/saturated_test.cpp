#include "stats/saturated.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace mixbern {
namespace {

double entropy_term(double count, double of) {
  return count > 0 ? count * std::log(count / of) : 0;
}

TEST(Saturated, OfCompleteRowsIsThatOfTheirShares) {
  const Dataset data = table("carcinoma");
  const PatternTable patterns = count_patterns(data);
  double expected = 0;
  for (const double weight : patterns.rows.weights) expected += entropy_term(weight, patterns.n);
  EXPECT_NEAR(*saturated_log_likelihood(patterns), expected, 1e-9);
}

// The second item only where the first was answered: P(first) from all rows, P(second | first) from those.
TEST(Saturated, OfAMonotonePatternIsKnown) {
  Dataset data = reference::random_dataset({.n_rows = 200, .n_features = 2}, 5);
  BitMatrix missing(200, 2), ones = to_packed(data.ones);
  double first[2] = {}, both[2][2] = {};
  for (std::size_t i = 0; i < 200; ++i) {
    const bool a = ones.test(i, 0), b = ones.test(i, 1);
    first[a] += 1;
    if (i % 3 != 0) {
      both[a][b] += 1;
      continue;
    }
    missing.set(i, 1);
    if (b) ones.mutable_row(i)[0] &= ~std::uint64_t{2};
  }
  data.ones = ones;
  data.missing = missing;
  double expected = 0;
  for (std::size_t a = 0; a < 2; ++a) {
    expected += entropy_term(first[a], 200);
    for (std::size_t b = 0; b < 2; ++b) expected += entropy_term(both[a][b], both[a][0] + both[a][1]);
  }
  EXPECT_NEAR(*saturated_log_likelihood(count_patterns(data)), expected, 1e-6);
}

TEST(Saturated, IsNotExceededByAnyMixture) {
  const Dataset data = table("gss08_abortion");
  const double best = *saturated_log_likelihood(count_patterns(data));
  for (const std::size_t n_components : {1U, 3U, 8U}) {
    const FitResult result = fit(data, {.n_components = n_components, .n_init = 8});
    EXPECT_LT(result.log_likelihood, best + 1e-6);
    const GoodnessOfFit tests = goodness_of_fit(result.mixture, data);
    ASSERT_TRUE(tests.saturated.has_value());
    EXPECT_NEAR(tests.saturated->g2.statistic, 2 * (best - result.log_likelihood), 1e-6);
    EXPECT_EQ(tests.saturated->degrees_of_freedom, 63 - static_cast<double>(result.mixture.n_parameters()));
    EXPECT_NEAR(tests.g2.statistic, tests.saturated->g2.statistic + tests.saturated->mcar.statistic, 1e-6);
    EXPECT_EQ(tests.degrees_of_freedom,
              tests.saturated->degrees_of_freedom + tests.saturated->mcar_degrees_of_freedom);
  }
}

// The likelihood of all patterns, each a component of its own, from the one EM loop.
double log_likelihood_of_patterns(const Dataset& data, const std::vector<double>& cells) {
  const std::size_t n_patterns = cells.size() / data.n_features();
  const Mixture all(std::vector<double>(n_patterns, 1.0), cells, data.items());
  const FitResult result = fit(data, {.n_components = n_patterns,
                                      .init = InitMethod::kModel,
                                      .max_iter = 100'000,
                                      .tol = 1e-13,
                                      .estimation = {.smoothing = 0},
                                      .acceleration = Acceleration::kNone,
                                      .init_model = all});
  return result.log_likelihood;
}

TEST(Saturated, IsAMixtureOfAllPatterns) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 4, .missing = 0.3}, 9);
  std::vector<double> cells;
  for (unsigned pattern = 0; pattern < 16; ++pattern) {
    for (unsigned d = 0; d < 4; ++d) cells.push_back((pattern >> d) & 1U);
  }
  EXPECT_NEAR(*saturated_log_likelihood(count_patterns(data)), log_likelihood_of_patterns(data, cells), 1e-5);
}

// Items of 3, 2, 4 and 2 answers: 48 patterns.
TEST(Saturated, OfItemsOfSeveralAnswersIsAMixtureOfAllPatterns) {
  const Dataset data = reference::random_categorical({.n_rows = 80, .missing = 0.25, .weights = true}, 9);
  const BitMatrix patterns = all_patterns(data.items(), 9);
  ASSERT_EQ(patterns.n_rows(), 48U);
  std::vector<double> cells;
  for (std::size_t i = 0; i < 48; ++i) {
    for (std::size_t d = 0; d < 9; ++d) cells.push_back(patterns.test(i, d) ? 1 : 0);
  }
  EXPECT_NEAR(*saturated_log_likelihood(count_patterns(data)), log_likelihood_of_patterns(data, cells), 1e-5);
  const FitResult few = fit(data, {.n_components = 2});
  const GoodnessOfFit tests = goodness_of_fit(few.mixture, data);
  ASSERT_TRUE(tests.saturated.has_value());
  EXPECT_EQ(tests.saturated->degrees_of_freedom, 47 - static_cast<double>(few.mixture.n_parameters()));
  EXPECT_NEAR(tests.g2.statistic, tests.saturated->g2.statistic + tests.saturated->mcar.statistic, 1e-5);
}

TEST(Saturated, GivesUpWhereRowsCanBeCompletedInTooManyWays) {
  BitMatrix missing(2, 40);
  for (std::size_t d = 0; d < 30; ++d) missing.set(0, d);
  const Dataset data{.ones = BitMatrix(2, 40), .missing = missing};
  EXPECT_FALSE(saturated_log_likelihood(count_patterns(data)).has_value());
  EXPECT_FALSE(goodness_of_fit(Mixture({1}, std::vector<double>(40, 0.5)), data).saturated.has_value());
  EXPECT_FALSE(saturated_log_likelihood(count_patterns({.ones = BitMatrix(3, 64)})).has_value());
}

}  // namespace
}  // namespace mixbern
