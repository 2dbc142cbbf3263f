// Statistics of items of several answers, against their definitions.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>

#include "mixbern/fit/fit.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "stats/patterns.hpp"
#include "support.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kFeatures = 9;

// Free coordinates: log(π_k / π_0), then a logit for each feature of two answers and, for each categorical
// item, log(θ_c / θ_first) of the answers but its first.
Mixture at(const Items& items, std::size_t n_components, const std::vector<double>& coordinates) {
  std::size_t next = 0;
  std::vector<double> weights = {1}, probabilities;
  while (weights.size() < n_components) weights.push_back(std::exp(coordinates[next++]));
  for (std::size_t k = 0; k < n_components; ++k) {
    for (const Items::Group& item : items.all(kFeatures)) {
      std::vector<double> odds = {1};
      const std::size_t n_answers = std::max<std::size_t>(item.size, 2);
      while (odds.size() < n_answers) odds.push_back(std::exp(coordinates[next++]));
      double sum = 0;
      for (const double x : odds) sum += x;
      if (item.size == 1) probabilities.push_back(odds[1] / sum);
      for (std::size_t c = 0; item.size > 1 && c < n_answers; ++c) probabilities.push_back(odds[c] / sum);
    }
  }
  return {weights, probabilities, items};
}

std::vector<double> coordinates_of(const Mixture& mixture) {
  std::vector<double> result;
  for (std::size_t k = 1; k < mixture.n_components(); ++k)
    result.push_back(std::log(mixture.weights()[k] / mixture.weights()[0]));
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const auto theta = mixture.probabilities(k);
    for (const Items::Group& item : mixture.items().all(kFeatures)) {
      if (item.size == 1) result.push_back(std::log(theta[item.first] / (1 - theta[item.first])));
      for (std::size_t c = 1; c < item.size; ++c)
        result.push_back(std::log(theta[item.first + c] / theta[item.first]));
    }
  }
  return result;
}

Eigen::MatrixXd numerical_covariance(const Mixture& mixture, const Dataset& data) {
  const std::vector<double> x = coordinates_of(mixture);
  const auto p = static_cast<Eigen::Index>(x.size());
  constexpr double kStep = 1e-3;
  const auto value = [&](std::size_t a, double da, std::size_t b, double db) {
    std::vector<double> y = x;
    y[a] += da;
    y[b] += db;
    return reference::log_likelihood(at(mixture.items(), mixture.n_components(), y), data);
  };
  Eigen::MatrixXd information(p, p);
  for (std::size_t a = 0; a < x.size(); ++a) {
    for (std::size_t b = 0; b < x.size(); ++b) {
      const auto second = [&](double s) {
        return (value(a, s, b, s) - value(a, s, b, -s) - value(a, -s, b, s) + value(a, -s, b, -s)) /
               (4 * s * s);
      };
      // Richardson: the error of order h² cancels.
      const long double found = (4 * second(kStep) - second(2 * kStep)) / 3;
      information(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) = static_cast<double>(-found);
    }
  }
  return information.inverse();
}

Dataset drawn(std::size_t n_rows, double missing) {
  Dataset data = sample(reference::random_categorical_mixture(2, 5), n_rows, 6);
  data.labels.clear();
  data.categorical = reference::random_categorical({.n_rows = 1}, 1).categorical;
  if (missing == 0) return data;
  const Dataset holes = reference::random_categorical({.n_rows = n_rows, .missing = missing}, 7);
  BitMatrix ones = to_packed(data.ones);
  const auto& mask = std::get<BitMatrix>(*holes.missing);
  for (std::size_t i = 0; i < n_rows; ++i) ones.mutable_row(i)[0] &= ~mask.row(i)[0];
  data.ones = std::move(ones);
  data.missing = mask;
  return data;
}

TEST(CategoricalStatistics, StandardErrorsAreTheInverseOfNumericalSecondDerivatives) {
  for (const double missing : {0.0, 0.15}) {
    const Dataset data = drawn(3000, missing);
    const FitResult result = fit(data, {.n_components = 2, .tol = 1e-14, .estimation = {.smoothing = 1e-12}});
    const Mixture& mixture = result.mixture;
    const StandardErrors errors = standard_errors(mixture, data);
    ASSERT_TRUE(errors.boundary.empty());
    EXPECT_EQ(errors.n_free, mixture.n_parameters());
    EXPECT_TRUE(errors.identified());
    const Eigen::MatrixXd covariance = numerical_covariance(mixture, collapse(data).data);
    const std::vector<double> x = coordinates_of(mixture);
    for (std::size_t j = 0; j < mixture.probabilities().size(); ++j) {
      Eigen::VectorXd slope(static_cast<Eigen::Index>(x.size()));
      for (std::size_t a = 0; a < x.size(); ++a) {
        std::vector<double> up = x, down = x;
        up[a] += 1e-5;
        down[a] -= 1e-5;
        slope(static_cast<Eigen::Index>(a)) = (at(mixture.items(), 2, up).probabilities()[j] -
                                               at(mixture.items(), 2, down).probabilities()[j]) /
                                              2e-5;
      }
      const double expected = std::sqrt(slope.dot(covariance * slope));
      EXPECT_NEAR(errors.probabilities[j], expected, 1e-6 * expected) << j;
    }
  }
}

TEST(CategoricalStatistics, GoodnessOfFitCountsThePatternsOfTheItems) {
  const Dataset data = drawn(500, 0);
  const Mixture mixture = reference::random_categorical_mixture(2, 5);
  const BitMatrix all = all_patterns(mixture.items(), kFeatures);
  ASSERT_EQ(all.n_rows(), 3U * 2 * 4 * 2);
  const GoodnessOfFit found = goodness_of_fit(mixture, data);
  EXPECT_EQ(found.n_cells, 48);
  EXPECT_EQ(found.degrees_of_freedom, 48 - 1 - (1 + 2 * (2 + 1 + 3 + 1)));
  double g2 = 0, x2 = 0, total = 0;
  const Dataset patterns{.ones = all};
  for (std::size_t c = 0; c < all.n_rows(); ++c) {
    double observed = 0;
    for (std::size_t i = 0; i < data.n_rows(); ++i)
      observed += std::get<BitMatrix>(data.ones).row(i)[0] == all.row(c)[0] ? 1 : 0;
    const double p = std::exp(static_cast<double>(reference::posterior(mixture, patterns, c).log_likelihood));
    total += p;
    if (observed > 0) g2 += 2 * observed * std::log(observed / (500 * p));
    x2 += (observed - 500 * p) * (observed - 500 * p) / (500 * p);
  }
  EXPECT_NEAR(total, 1, 1e-12);
  EXPECT_NEAR(found.g2.statistic, g2, 1e-9 * g2);
  EXPECT_NEAR(found.x2.statistic, x2, 1e-9 * x2);
}

TEST(CategoricalStatistics, AResidualOfAPairIsPearsonsByItsDegreesOfFreedom) {
  const Dataset data = drawn(400, 0.2);
  const Mixture mixture = reference::random_categorical_mixture(2, 5);
  const std::vector<double> residuals = bivariate_residuals(mixture, data);
  ASSERT_EQ(residuals.size(), 6U);
  // Items 0 (three answers) and 2 (four).
  double n = 0, statistic = 0, counts[3][4] = {};
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (reference::is_missing(data, i, 0) || reference::is_missing(data, i, 4)) continue;
    ++n;
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 4; ++b)
        counts[a][b] += test(data.ones, i, a) && test(data.ones, i, 4 + b) ? 1 : 0;
    }
  }
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 4; ++b) {
      double p = 0;
      for (std::size_t k = 0; k < 2; ++k)
        p += mixture.weights()[k] * mixture.probabilities(k)[a] * mixture.probabilities(k)[4 + b];
      statistic += (counts[a][b] - n * p) * (counts[a][b] - n * p) / (n * p);
    }
  }
  EXPECT_NEAR(residuals[pair_index(0, 2, 4)], statistic / 6, 1e-9);
}

TEST(CategoricalStatistics, DrawnAndFilledRowsHaveOneAnswerOfEachItem) {
  Dataset data = drawn(300, 0.4);
  const Mixture mixture = reference::random_categorical_mixture(2, 5);
  for (const ImputeMethod method : {ImputeMethod::kMode, ImputeMethod::kDraw}) {
    const Dataset whole = impute(mixture, data, method, 1);
    EXPECT_FALSE(whole.missing);
    EXPECT_NO_THROW(validate(whole));
  }
}

}  // namespace
}  // namespace mixbern
