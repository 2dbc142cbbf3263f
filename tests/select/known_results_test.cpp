// Published tables, and the images: data/README.md says where the numbers come from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/mixbern.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

Dataset table(const std::string& name) {
  ReadOptions options;
  if (name == "cheating") options.exclude = {"GPA"};
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/" + name + ".csv", options);
}

struct Known {
  const char* name;
  std::size_t n_components;
  double log_likelihood, aic, bic;
  std::vector<double> weights;
};
const Known kKnown[] = {
    {"carcinoma", 2, -317.256837, 664.5137, 706.0739, {.5012, .4988}},
    {"carcinoma", 3, -293.704979, 633.4100, 697.1357, {.4447, .3736, .1817}},
    {"carcinoma", 4, -289.285849, 640.5717, 726.4629, {.3751, .3430, .1882, .0936}},
    {"values", 2, -504.467670, 1026.9353, 1057.3128, {.7208, .2792}},
    {"values", 3, -503.301137, 1034.602274, 1081.8562, {}},  // not identified: no weights
    {"cheating", 2, -440.027112, 898.0542, 931.9409, {.8394, .1606}},
    {"gss08_abortion", 3, -687.4486, 1414.8972, 1492.1698, {.4640, .3447, .1914}},
};

class KnownTable : public testing::TestWithParam<Known> {};
INSTANTIATE_TEST_SUITE_P(All, KnownTable, testing::ValuesIn(kKnown), [](const auto& param) {
  return std::string(param.param.name) + "_" + std::to_string(param.param.n_components);
});

TEST_P(KnownTable, ComesOutWithDefaultOptionsForTwentySeeds) {
  const Known& known = GetParam();
  const Dataset data = table(known.name);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const FitResult result = fit(data, {.n_components = known.n_components, .seed = seed});
    EXPECT_TRUE(result.converged) << seed;
    EXPECT_NEAR(result.log_likelihood, known.log_likelihood, 1e-4) << seed;
    EXPECT_NEAR(result.aic(), known.aic, 2e-4) << seed;
    EXPECT_NEAR(result.bic(), known.bic, 2e-4) << seed;
    for (std::size_t k = 0; k < known.weights.size(); ++k) {
      EXPECT_NEAR(result.mixture.weights()[k], known.weights[k], 1e-4) << seed;
    }
  }
}

TEST_P(KnownTable, LikelihoodNeverFalls) {
  const Dataset data = table(GetParam().name);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const FitResult result = fit(data, {.n_components = GetParam().n_components,
                                        .n_init = 1,
                                        .max_iter = 3000,
                                        .estimation = {.smoothing = 0},
                                        .seed = seed});
    for (std::size_t t = 1; t < result.trace.size(); ++t) {
      ASSERT_GE(result.trace[t], result.trace[t - 1] - 1e-12) << "seed " << seed << " iteration " << t;
    }
  }
}

Dataset images() {
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/mnist-20000.safetensors.gz");
}

TEST(Images, OneComponentHasTheKnownLikelihood) {
  const Dataset data = images();
  EXPECT_EQ(count_ones(data.ones), 2'087'526U);
  const FitResult result = fit(data, {.n_components = 1});
  EXPECT_NEAR(result.mean_log_likelihood(), -206.4400527174, 1e-6);
  // Exact maximum likelihood: Σ_d p log p + (1 − p) log(1 − p).
  EXPECT_NEAR(fit(data, {.n_components = 1, .estimation = {.smoothing = 0}}).mean_log_likelihood(),
              -206.4399217173, 1e-9);
  const std::string test_images = std::string(MIXBERN_SHARED_DATA_DIR) + "/mnist/t10k-images-idx3-ubyte.gz";
  if (!std::ifstream(test_images))
    GTEST_SKIP() << "the test images are not here: held-out likelihood not checked";
  const Dataset held_out = read_dataset(test_images, {.threshold = 127});
  EXPECT_EQ(count_ones(held_out.ones), 1'052'359U);
  EXPECT_NEAR(log_likelihood(result.mixture, held_out) / 10'000, -205.9477902533, 1e-6);
}

TEST(Images, LikelihoodNeverFalls) {
  const Dataset data = images();
  const FitResult result =
      fit(data, {.n_components = 10, .n_init = 1, .max_iter = 40, .estimation = {.smoothing = 0}});
  for (std::size_t t = 1; t < result.trace.size(); ++t)
    ASSERT_GE(result.trace[t], result.trace[t - 1] - 1e-12) << t;
}

// EM by its definition in long double: log-likelihood a row before each of `n` M-steps without smoothing.
std::vector<long double> plain_trace(const Dataset& data, const Mixture& start, std::size_t n) {
  const std::size_t n_components = start.n_components(), n_features = start.n_features();
  std::vector<long double> pi(start.weights().begin(), start.weights().end());
  std::vector<long double> theta(start.probabilities().begin(), start.probabilities().end());
  std::vector<long double> trace, joint(n_components);
  for (std::size_t t = 0; t < n; ++t) {
    std::vector<long double> yes(theta.size()), no(theta.size()), mass(n_components), ones(theta.size());
    for (std::size_t j = 0; j < theta.size(); ++j) yes[j] = std::log(theta[j]), no[j] = std::log1p(-theta[j]);
    long double total = 0;
    for (std::size_t i = 0; i < data.n_rows(); ++i) {
      for (std::size_t k = 0; k < n_components; ++k) {
        joint[k] = std::log(pi[k]);
        for (std::size_t d = 0; d < n_features; ++d)
          joint[k] += test(data.ones, i, d) ? yes[k * n_features + d] : no[k * n_features + d];
      }
      const long double largest = *std::ranges::max_element(joint);
      long double sum = 0;
      for (long double& value : joint) sum += value = std::exp(value - largest);
      total += largest + std::log(sum);
      for (std::size_t k = 0; k < n_components; ++k) {
        mass[k] += joint[k] / sum;
        for (std::size_t d = 0; d < n_features; ++d)
          if (test(data.ones, i, d)) ones[k * n_features + d] += joint[k] / sum;
      }
    }
    const auto n_rows = static_cast<long double>(data.n_rows());
    trace.push_back(total / n_rows);
    for (std::size_t j = 0; j < theta.size(); ++j) theta[j] = ones[j] / mass[j / n_features];
    for (std::size_t k = 0; k < n_components; ++k) pi[k] = mass[k] / n_rows;
  }
  return trace;
}

void expect_plain_trace(std::size_t n_rows, std::size_t n_features,
                        std::initializer_list<std::pair<Precision, double>> errors) {
  const Dataset data = sample(reference::random_mixture(4, n_features, 6), n_rows, 7);
  const Mixture start = reference::random_mixture(4, n_features, 5);
  constexpr std::size_t kIterations = 20;
  const std::vector<long double> plain = plain_trace(data, start, kIterations);
  for (const auto& [precision, error] : errors) {
    const FitResult result = fit(data, {.n_components = 4,
                                        .init = InitMethod::kModel,
                                        .max_iter = kIterations,
                                        .tol = 0,
                                        .estimation = {.smoothing = 0},
                                        .precision = precision,
                                        .acceleration = Acceleration::kNone,
                                        .init_model = start});
    ASSERT_GE(result.trace.size(), kIterations);
    for (std::size_t t = 0; t < kIterations; ++t)
      EXPECT_NEAR(result.trace[t], static_cast<double>(plain[t]), error) << to_string(precision) << " " << t;
  }
}

TEST(Trace, WithoutSmoothingIsThatOfPlainEmInLongDouble) {
  expect_plain_trace(1000, 20, {{Precision::kDouble, 1e-9}, {Precision::kFast, 1e-6}});
}

// Rows of many features are ruled out of components by odds of 1e-100, and come back.
TEST(Trace, WithoutSmoothingNothingIsLostToRoundingWhereRowsAreWide) {
  expect_plain_trace(300, 500, {{Precision::kDouble, 1e-9}});
}

// But for what constant pixels cost with smoothing: 1e-6 nats a row and pixel.
TEST(Images, WithoutSmoothingEndWhereSmallSmoothingDoes) {
  const Dataset data = images();
  FitOptions options{.n_components = 10, .n_init = 1, .tol = 1e-8, .estimation = {.smoothing = 1e-9}};
  options.seed = 3;
  options.precision = Precision::kDouble;
  const double limit = fit(data, options).log_likelihood;
  options.estimation.smoothing = 0;
  const FitResult exact = fit(data, options);
  EXPECT_NEAR(exact.log_likelihood, limit + 131 * 20'000 * 1e-6, 1);
  EXPECT_EQ(std::ranges::count(exact.mixture.probabilities(), 0.0) / 10, 131);
}

}  // namespace
}  // namespace mixbern
