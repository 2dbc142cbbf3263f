#include "mixbern/statistics/standard_errors.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <stdexcept>

#include "base/random.hpp"
#include "em/curvature.hpp"
#include "stats/identification.hpp"
#include "stats/information.hpp"
#include "support.hpp"

namespace mixbern {
namespace {

// log(π_k / π_0) for k > 0, then all logits of θ, row by row.
std::vector<long double> coordinates(const Mixture& mixture) {
  std::vector<long double> result;
  for (std::size_t k = 1; k < mixture.n_components(); ++k)
    result.push_back(std::log(static_cast<long double>(mixture.weights()[k]) / mixture.weights()[0]));
  for (const long double theta : mixture.probabilities()) result.push_back(std::log(theta / (1 - theta)));
  return result;
}

// The log-likelihood from its definition, in long double throughout: second differences lose half the digits.
long double log_likelihood_at(const std::vector<long double>& at, std::size_t n_components,
                              const Dataset& data) {
  const std::size_t n_features = data.n_features();
  long double log_norm = 1;
  for (std::size_t k = 1; k < n_components; ++k) log_norm += std::exp(at[k - 1]);
  log_norm = std::log(log_norm);
  long double sum = 0;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    long double p = 0;
    for (std::size_t k = 0; k < n_components; ++k) {
      long double joint = (k == 0 ? 0 : at[k - 1]) - log_norm;
      for (std::size_t d = 0; d < n_features; ++d) {
        if (reference::is_missing(data, i, d)) continue;
        const long double logit = at[n_components - 1 + k * n_features + d];
        joint -= std::log1p(std::exp(test(data.ones, i, d) ? -logit : logit));
      }
      p += std::exp(joint);
    }
    sum += data.weight(i) * std::log(p);
  }
  return sum;
}

Eigen::MatrixXd numerical_information(const Mixture& mixture, const Dataset& data) {
  const std::vector<long double> at = coordinates(mixture);
  const long double h = 1e-4L;
  const auto value = [&](std::size_t a, long double step_a, std::size_t b, long double step_b) {
    std::vector<long double> moved = at;
    moved[a] += step_a;
    moved[b] += step_b;
    return log_likelihood_at(moved, mixture.n_components(), data);
  };
  const auto p = static_cast<Eigen::Index>(at.size());
  Eigen::MatrixXd result(p, p);
  for (std::size_t a = 0; a < at.size(); ++a) {
    for (std::size_t b = 0; b < at.size(); ++b) {
      const long double second =
          (value(a, h, b, h) - value(a, h, b, -h) - value(a, -h, b, h) + value(a, -h, b, -h)) / (4 * h * h);
      result(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) = static_cast<double>(-second);
    }
  }
  return result;
}

struct Case {
  std::size_t n_components;
  double missing;
  bool weights;
};
class InformationTest : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, InformationTest,
                         testing::Values(Case{1, 0, false}, Case{2, 0, false}, Case{3, 0.3, true}));

// Anywhere, not only at a maximum.
TEST_P(InformationTest, IsTheSecondDerivative) {
  const auto [n_components, missing, weights] = GetParam();
  const Dataset data =
      reference::random_dataset({.n_rows = 80, .n_features = 4, .missing = missing, .weights = weights}, 8);
  const Mixture unordered = reference::random_mixture(n_components, 4, 8);
  const Mixture mixture = permuted(unordered, order_by_weight(unordered));
  const PatternTable patterns = count_patterns(data);
  const FreeParameters free = free_parameters(mixture, component_sums(mixture, patterns, {}));
  ASSERT_EQ(free.count, mixture.n_parameters());
  const Information result = information(mixture, patterns, free, patterns.rows.weights, {});
  const Eigen::MatrixXd expected = numerical_information(mixture, data);
  EXPECT_LT((result.observed - expected).cwiseAbs().maxCoeff(), 1e-5 * expected.cwiseAbs().maxCoeff());
  EXPECT_LT((result.observed - result.observed.transpose()).cwiseAbs().maxCoeff(), 1e-10);

  // The lean one of the engine says the same.
  const Curvature curvature(RowsOfDataset(data), mixture, {}, {});
  std::vector<std::ptrdiff_t> positions(free.weights.begin() + 1, free.weights.end());
  positions.insert(positions.end(), free.probabilities.begin(), free.probabilities.end());
  for (std::size_t a = 0; a < positions.size(); ++a) {
    EXPECT_NEAR(curvature.gradient[a], result.gradient(positions[a]), 1e-9);
    for (std::size_t b = 0; b <= a; ++b) {
      EXPECT_NEAR(curvature.information[a * positions.size() + b],
                  result.observed(positions[a], positions[b]), 1e-9 * expected.cwiseAbs().maxCoeff());
    }
  }
}

TEST(StandardErrors, AreTheInverseOfNumericalSecondDerivatives) {
  const Dataset data = table("values");
  const FitResult result = fit(data, {.n_components = 2, .tol = 1e-14});
  const StandardErrors errors = standard_errors(result.mixture, data);
  EXPECT_TRUE(errors.boundary.empty());
  EXPECT_TRUE(errors.identified());
  EXPECT_TRUE(errors.warnings.empty());
  const Eigen::MatrixXd covariance = numerical_information(result.mixture, data).inverse();
  const auto theta = result.mixture.probabilities();
  for (std::size_t j = 0; j < theta.size(); ++j) {
    const auto at = static_cast<Eigen::Index>(j + 1);
    const double expected = theta[j] * (1 - theta[j]) * std::sqrt(covariance(at, at));
    EXPECT_NEAR(errors.probabilities[j], expected, 1e-5 * expected) << j;
  }
  const auto pi = result.mixture.weights();
  const double expected = pi[0] * pi[1] * std::sqrt(covariance(0, 0));
  EXPECT_NEAR(errors.weights[0], expected, 1e-5 * expected);
  EXPECT_NEAR(errors.weights[1], expected, 1e-5 * expected);
}

// What poLCA prints.
TEST(StandardErrors, OfOuterProductsAreThePublishedOnes) {
  const Dataset data = table("carcinoma");
  const FitResult result = fit(data, {.n_components = 2, .tol = 1e-14});
  const StandardErrors errors =
      standard_errors(result.mixture, data, {.method = StandardErrorMethod::kOuterProduct});
  EXPECT_NEAR(errors.weights[0], .046336, 1e-3 * .046336);
  const struct {
    std::size_t component, item;
    double theta, error;
  } known[] = {{0, 1, .9831, .0171}, {0, 2, .7609, .0589}, {0, 3, .5411, .0720},
               {0, 4, .9786, .0216}, {0, 5, .4227, .0708}, {1, 0, .1165, .0451},
               {1, 1, .3544, .0828}, {1, 4, .2229, .0681}, {1, 6, .1165, .0515}};
  for (const auto& k : known) {
    EXPECT_NEAR(result.mixture.probabilities(k.component)[k.item], k.theta, 6e-5);
    EXPECT_NEAR(errors.probabilities[k.component * 7 + k.item], k.error, 1e-3 * k.error + 5e-5)
        << k.component << ' ' << k.item;
  }
  EXPECT_TRUE(std::isnan(errors.probabilities[0]));  // A is 1 in the first class
  EXPECT_FALSE(errors.boundary.empty());
}

TEST(StandardErrors, OfOneComponentAreThoseOfShares) {
  const Dataset data = table("values");
  const Mixture mixture = fit(data, {.n_components = 1, .estimation = {.smoothing = 0}}).mixture;
  for (const auto method :
       {StandardErrorMethod::kObserved, StandardErrorMethod::kOuterProduct, StandardErrorMethod::kSandwich}) {
    const StandardErrors errors =
        standard_errors(mixture, data, {.method = method, .estimation = {.smoothing = 0}});
    for (std::size_t d = 0; d < 4; ++d) {
      const double p = mixture.probabilities(0)[d];
      EXPECT_NEAR(errors.probabilities[d], std::sqrt(p * (1 - p) / 216),
                  method == StandardErrorMethod::kObserved ? 1e-12 : 0.01);
    }
    EXPECT_EQ(errors.weights[0], 0);
  }
}

TEST(StandardErrors, SayThatAModelIsNotIdentified) {
  const Dataset data = table("values");
  const StandardErrors errors = standard_errors(fit(data, {.n_components = 3}).mixture, data);
  EXPECT_FALSE(errors.identified());
  EXPECT_LT(errors.rank, errors.n_free);
  ASSERT_FALSE(errors.warnings.empty());
  EXPECT_NE(errors.warnings[0].find("not identified"), std::string::npos);
  EXPECT_TRUE(std::isnan(errors.weights[0]));
  for (const std::size_t n_components : {1U, 2U})
    EXPECT_TRUE(standard_errors(fit(data, {.n_components = n_components}).mixture, data).identified());
}

// All patterns of D items, with what the mixture expects of n rows.
Dataset expected_table(const Mixture& mixture, double n) {
  const std::size_t n_features = mixture.n_features();
  BitMatrix ones(std::size_t{1} << n_features, n_features);
  for (std::size_t i = 0; i < ones.n_rows(); ++i) {
    for (std::size_t d = 0; d < n_features; ++d) {
      if (((i >> d) & 1U) != 0) ones.set(i, d);
    }
  }
  Dataset data{.ones = std::move(ones)};
  for_each_posterior(mixture, data, {}, [&](const PosteriorBlock& block) {
    for (const double value : block.log_likelihoods) data.weights.push_back(n * std::exp(value));
  });
  return data;
}

TEST(StandardErrors, EstimatesAtABoundDoNotIdentifyAModel) {
  const Mixture mixture({0.5, 0.3, 0.2}, {1, 1, 0.9, 0.8, 0, 0, 0.3, 0.2, 1, 0, 0.5, 0.6});
  const StandardErrors errors = standard_errors(mixture, expected_table(mixture, 1000));
  EXPECT_EQ(errors.boundary.size(), 6U);
  EXPECT_EQ(errors.rank, errors.n_free);
  EXPECT_EQ(errors.n_undetermined, 1U);
  EXPECT_FALSE(errors.identified());
  ASSERT_EQ(errors.doubts.size(), 1U);
  EXPECT_NE(errors.doubts[0].find("tells only 13 of its 14 parameters"), std::string::npos);
}

TEST(StandardErrors, EstimatesAtABoundLeaveAnIdentifiedModelIdentified) {
  const Dataset data = table("carcinoma");
  const StandardErrors errors = standard_errors(fit(data, {.n_components = 3}).mixture, data);
  EXPECT_FALSE(errors.boundary.empty());
  EXPECT_TRUE(errors.identified());
  EXPECT_TRUE(errors.doubts.empty());
}

TEST(StandardErrors, ManyEstimatesAtABoundAreNoReasonToDoubtTheModel) {
  const Dataset data = table("gss08_abortion");
  const StandardErrors errors = standard_errors(fit(data, {.n_components = 6}).mixture, data);
  EXPECT_GT(errors.boundary.size(), 5U);
  EXPECT_EQ(errors.n_undetermined, 0U);
}

// The rank at points in general position: what missing_dimensions() says of all models.
TEST(Identification, OnlyThreeClassesOfFourItemsFallShort) {
  Engine engine(7);
  for (const auto& [n_components, n_features] : {std::pair(2U, 3U), std::pair(2U, 4U), std::pair(3U, 4U),
                                                 std::pair(3U, 5U), std::pair(5U, 5U), std::pair(6U, 6U)}) {
    std::vector<double> probabilities(n_components * n_features);
    for (double& theta : probabilities) theta = 0.05 + 0.9 * uniform(engine);
    const Mixture mixture(std::vector<double>(n_components, 1.0 / n_components), probabilities);
    const PatternTable patterns = count_patterns(expected_table(mixture, 1000));
    const FreeParameters free = free_parameters(mixture, component_sums(mixture, patterns, {}));
    EXPECT_EQ(free.count - identify(mixture, patterns, free, {}).rank, missing_dimensions(mixture))
        << n_components << " of " << n_features;
  }
}

TEST(StandardErrors, MoreParametersThanCellsAreNotIdentified) {
  const Dataset data = table("values");
  const StandardErrors errors = standard_errors(fit(data, {.n_components = 4}).mixture, data);
  EXPECT_FALSE(errors.identified());
  ASSERT_FALSE(errors.doubts.empty());
  EXPECT_NE(errors.doubts[0].find("degrees of freedom are negative (-4)"), std::string::npos);
}

TEST(StandardErrors, OfAProbabilityAbove05AreSaidAloud) {
  const Mixture mixture({0.5, 0.5}, {0.5, 0.5, 0.5, 0.53, 0.53, 0.53});
  const StandardErrors errors = standard_errors(mixture, expected_table(mixture, 500));
  EXPECT_EQ(errors.rank, errors.n_free);
  EXPECT_GT(errors.n_vague, 0U);
  EXPECT_FALSE(errors.identified());
  ASSERT_FALSE(errors.doubts.empty());
  EXPECT_NE(errors.doubts.back().find("above 0.5"), std::string::npos);
}

TEST(StandardErrors, DoubtsAreKnownWithoutThemWhereThatIsQuick) {
  for (const auto& [name, n_components] :
       {std::pair("values", 3U), std::pair("values", 4U), std::pair("carcinoma", 3U)}) {
    const Dataset data = table(name);
    const Mixture mixture = fit(data, {.n_components = n_components}).mixture;
    const auto known = identification_warnings(mixture, data);
    EXPECT_EQ(known.empty(), n_components == 3U && std::string(name) == "carcinoma") << name;
    if (n_components == 3U) {
      EXPECT_EQ(known, standard_errors(mixture, data).doubts);
    }
  }
}

void expect_same(const std::vector<double>& a, const std::vector<double>& b, double factor = 1) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t j = 0; j < a.size(); ++j) {
    EXPECT_EQ(std::isnan(a[j]), std::isnan(b[j])) << j;
    if (std::isnan(a[j])) continue;
    EXPECT_NEAR(a[j], factor * b[j], 1e-10) << j;
  }
}

class SameErrors : public testing::TestWithParam<StandardErrorMethod> {};
INSTANTIATE_TEST_SUITE_P(All, SameErrors,
                         testing::Values(StandardErrorMethod::kObserved, StandardErrorMethod::kOuterProduct,
                                         StandardErrorMethod::kSandwich),
                         [](const auto& param) { return std::string(to_string(param.param)); });

TEST_P(SameErrors, WhicheverWayTheSameIsSaid) {
  const Dataset data = table("gss08_abortion");
  const Mixture mixture = fit(data, {.n_components = 3}).mixture;
  const StandardErrorOptions options{.method = GetParam(), .estimation = {.smoothing = 0}};
  const StandardErrors errors = standard_errors(mixture, data, options);
  const StandardErrors backward = standard_errors(mixture, rows_of(data, backwards(data.n_rows())), options);
  expect_same(errors.weights, backward.weights);
  expect_same(errors.probabilities, backward.probabilities);
  const StandardErrors upside_down = standard_errors(flipped(mixture), flipped(data), options);
  expect_same(errors.weights, upside_down.weights);
  expect_same(errors.probabilities, upside_down.probabilities);
  const StandardErrors thrice = standard_errors(mixture, repeated(data, 3), options);
  const StandardErrors weight3 = standard_errors(mixture, weighted(data, 3), options);
  expect_same(thrice.weights, weight3.weights);
  expect_same(thrice.probabilities, weight3.probabilities);
  expect_same(errors.probabilities, weight3.probabilities, std::sqrt(3.0));
  const std::vector<std::size_t> order{2, 0, 1};
  const StandardErrors other = standard_errors(permuted(mixture, order), data, options);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(other.weights[k], errors.weights[order[k]], 1e-10);
    for (std::size_t d = 0; d < 6; ++d) {
      if (std::isnan(errors.probabilities[order[k] * 6 + d])) continue;
      EXPECT_NEAR(other.probabilities[k * 6 + d], errors.probabilities[order[k] * 6 + d], 1e-10);
    }
  }
}

TEST(StandardErrors, OfSamplingWeightsDoNotDependOnTheirUnit) {
  Dataset data = table("cheating");
  for (std::size_t i = 0; i < data.n_rows(); ++i) data.weights.push_back(1 + static_cast<double>(i % 3));
  const Mixture mixture = fit(data, {.n_components = 2, .estimation = {.smoothing = 0}}).mixture;
  const StandardErrorOptions options{.method = StandardErrorMethod::kSandwich,
                                     .estimation = {.smoothing = 0, .weights_kind = WeightsKind::kSampling}};
  const StandardErrors errors = standard_errors(mixture, data, options);
  for (double& weight : data.weights) weight *= 7;
  expect_same(errors.probabilities, standard_errors(mixture, data, options).probabilities);
  data.weights = sampling_weights(data);
  EXPECT_NEAR(total_weight(data), 319, 1e-9);
  expect_same(errors.probabilities, standard_errors(mixture, data, options).probabilities);
}

TEST(StandardErrors, OfUnluckyData) {
  const Mixture mixture = reference::random_mixture(2, 3, 1);
  BitMatrix all(4, 3);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t d = 0; d < 3; ++d) all.set(i, d);
  }
  const Dataset unlucky[] = {
      {.ones = BitMatrix(4, 3), .missing = all}, {.ones = all}, {.ones = BitMatrix(1, 3)}};
  for (const Dataset& data : unlucky) {
    const FitResult result = fit(data, {.n_components = 2});
    const StandardErrors errors = standard_errors(result.mixture, data);
    EXPECT_EQ(errors.probabilities.size(), 6U);
    EXPECT_FALSE(errors.warnings.empty());
  }
  EXPECT_THROW(standard_errors(mixture, {.ones = BitMatrix(1, 2)}), std::invalid_argument);
  EXPECT_THROW(standard_errors(reference::random_mixture(5, 1000, 1), {.ones = BitMatrix(1, 1000)}),
               std::invalid_argument);
}

TEST(LogitInterval, StaysInside) {
  const Interval interval = logit_interval(.98, .05);
  EXPECT_GT(interval.lower, 0.2);
  EXPECT_LT(interval.upper, 1);
  const Interval middle = logit_interval(.5, .01);
  EXPECT_NEAR(middle.lower, .5 - 1.959964 * .01, 1e-4);
  EXPECT_NEAR(middle.lower + middle.upper, 1, 1e-12);
  EXPECT_TRUE(std::isnan(logit_interval(1, .1).lower));
  EXPECT_TRUE(std::isnan(logit_interval(.5, NAN).upper));
}

}  // namespace
}  // namespace mixbern
