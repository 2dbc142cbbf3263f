#include "score/exact_scores.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "reference.hpp"

namespace mixbern {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Evaluated {
  std::vector<double> posteriors, log_likelihoods;
  std::size_t stride;
};

Evaluated evaluate(const Mixture& mixture, const Dataset& data, bool semi_supervised = false) {
  const ExactScores joint(mixture, data.missing.has_value(), {});
  Evaluated result{std::vector<double>(data.n_rows() * joint.stride()), std::vector<double>(data.n_rows()),
                   joint.stride()};
  RowBlock rows;
  rows.load(data, 0, data.n_rows(), semi_supervised);
  std::vector<double> sums;
  joint.posteriors(rows, result.posteriors.data(), result.log_likelihoods.data(), sums);
  return result;
}

TEST(ExactScores, AgreesWithBruteForceTo1e12) {
  for (std::size_t n_features = 1; n_features <= 12; ++n_features) {
    for (const std::size_t n_components : {1U, 2U, 3U, 5U, 8U}) {
      for (const double missing : {0.0, 0.25}) {
        const Dataset data =
            reference::random_dataset({.n_rows = 40, .n_features = n_features, .missing = missing}, 5);
        const Mixture mixture = reference::random_mixture(n_components, n_features, 6);
        const Evaluated found = evaluate(mixture, data);
        for (std::size_t i = 0; i < data.n_rows(); ++i) {
          const auto expected = reference::posterior(mixture, data, i);
          EXPECT_NEAR(found.log_likelihoods[i], static_cast<double>(expected.log_likelihood), 1e-12);
          for (std::size_t k = 0; k < n_components; ++k) {
            EXPECT_NEAR(found.posteriors[i * found.stride + k],
                        static_cast<double>(expected.responsibilities[k]), 1e-12);
          }
          for (std::size_t k = n_components; k < found.stride; ++k)
            EXPECT_EQ(found.posteriors[i * found.stride + k], 0);
        }
      }
    }
  }
}

TEST(ExactScores, AgreesWithTheProductFormulaWhereItDoesNotUnderflow) {
  double largest = 0;
  for (const std::size_t n_features : {10U, 100U, 400U}) {
    const Dataset data =
        reference::random_dataset({.n_rows = 200, .n_features = n_features, .density = 0.3}, 8);
    const Mixture mixture = reference::random_mixture(7, n_features, 9);
    const Evaluated found = evaluate(mixture, data);
    for (std::size_t i = 0; i < data.n_rows(); ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < 7; ++k) sum += reference::product_formula(mixture, data, i, k);
      if (sum < 1e-280) continue;
      largest = std::max(largest, std::abs(std::exp(found.log_likelihoods[i] - std::log(sum)) - 1));
      for (std::size_t k = 0; k < 7; ++k) {
        const double expected = reference::product_formula(mixture, data, i, k) / sum;
        EXPECT_NEAR(found.posteriors[i * found.stride + k], expected, 1e-12 * expected + 1e-200);
      }
    }
  }
  EXPECT_LT(largest, 1e-12);
}

TEST(ExactScores, SparseRowsGiveTheSameBits) {
  Dataset data =
      reference::random_dataset({.n_rows = 30, .n_features = 150, .density = 0.1, .missing = 0.1}, 2);
  const Mixture mixture = reference::random_mixture(6, 150, 3);
  const Evaluated packed = evaluate(mixture, data);
  data.ones = to_sparse(data.ones);
  data.missing = to_sparse(*data.missing);
  const Evaluated sparse = evaluate(mixture, data);
  EXPECT_EQ(packed.posteriors, sparse.posteriors);
  EXPECT_EQ(packed.log_likelihoods, sparse.log_likelihoods);
}

TEST(ExactScores, ProbabilitiesOfZeroAndOneRuleComponentsOut) {
  // Component 0 needs x0 = 1 and x1 = 0; component 1 is free.
  const Mixture mixture({0.5, 0.5}, {1, 0, 0.5, 0.5});
  Dataset data;
  data.ones = BitMatrix(4, 2, {0b01, 0b11, 0b00, 0b10});
  Evaluated found = evaluate(mixture, data);
  EXPECT_NEAR(found.log_likelihoods[0], std::log(0.5 + 0.125), 1e-15);
  EXPECT_NEAR(found.posteriors[0], 0.8, 1e-15);
  for (const std::size_t i : {1U, 2U, 3U}) {
    EXPECT_EQ(found.posteriors[i * 4], 0);
    EXPECT_NEAR(found.log_likelihoods[i], std::log(0.125), 1e-15);
  }
  data.missing = BitMatrix(4, 2, {0b10, 0b00, 0b01, 0b01});
  data.ones = BitMatrix(4, 2, {0b01, 0b11, 0b00, 0b10});
  found = evaluate(mixture, data);
  EXPECT_NEAR(found.posteriors[0], 1 / 1.5, 1e-15);
  EXPECT_NEAR(found.posteriors[8], 1 / 1.5, 1e-15);  // x0 missing, x1 = 0: possible again
  EXPECT_EQ(found.posteriors[12], 0);
}

TEST(ExactScores, AnImpossibleRowHasMinusInfinityAndThePriorAsPosterior) {
  const Mixture mixture({0.25, 0.75}, {0, 1, 0, 1});
  Dataset data;
  data.ones = BitMatrix(2, 2, {0b01, 0b10});
  const Evaluated found = evaluate(mixture, data);
  EXPECT_EQ(found.log_likelihoods[0], -kInfinity);
  EXPECT_EQ(found.posteriors[0], 0.25);
  EXPECT_EQ(found.posteriors[1], 0.75);
  EXPECT_NEAR(found.log_likelihoods[1], 0, 1e-15);
}

TEST(ExactScores, ARowWithNothingObservedHasLikelihoodOneAndThePrior) {
  const std::size_t n_features = 1000;
  const Mixture mixture = reference::random_mixture(3, n_features, 4);
  Dataset data;
  data.ones = BitMatrix(1, n_features);
  BitMatrix missing(1, n_features);
  for (std::size_t d = 0; d < n_features; ++d) missing.set(0, d);
  data.missing = missing;
  const Evaluated found = evaluate(mixture, data);
  EXPECT_EQ(found.log_likelihoods[0], 0);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(found.posteriors[k], mixture.weights()[k]);
}

TEST(ExactScores, HeldLabelsDecide) {
  const Mixture mixture({0.5, 0.5}, {0.9, 0.8, 0.1, 0.2});
  Dataset data;
  data.ones = BitMatrix(3, 2, {0b11, 0b11, 0b00});
  data.labels = {1, -1, 0};
  const Evaluated found = evaluate(mixture, data, true);
  EXPECT_EQ(found.posteriors[1], 1);
  EXPECT_NEAR(found.log_likelihoods[0], std::log(0.5 * 0.1 * 0.2), 1e-15);
  EXPECT_NEAR(found.log_likelihoods[1], std::log(0.5 * 0.72 + 0.5 * 0.02), 1e-15);
  EXPECT_EQ(found.posteriors[8], 1);
}

}  // namespace
}  // namespace mixbern
