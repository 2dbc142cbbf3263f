#include "mixbern/mixture/posterior.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "reference.hpp"

namespace mixbern {
namespace {

TEST(Posterior, VisitsAllRowsInOrderWithTheirPosteriors) {
  const Dataset data = reference::random_dataset({.n_rows = 9001, .n_features = 6, .missing = 0.2}, 1);
  const Mixture mixture = reference::random_mixture(5, 6, 2);
  std::size_t next = 0;
  for_each_posterior(mixture, data, {}, [&](const PosteriorBlock& block) {
    ASSERT_EQ(block.first_row, next);
    ASSERT_EQ(block.responsibilities.size(), block.n_rows * 5);
    for (std::size_t i = 0; i < block.n_rows; i += 97) {
      const auto expected = reference::posterior(mixture, data, next + i);
      EXPECT_NEAR(block.log_likelihoods[i], static_cast<double>(expected.log_likelihood), 1e-12);
      double sum = 0;
      for (std::size_t k = 0; k < 5; ++k) {
        EXPECT_NEAR(block.responsibilities[i * 5 + k], static_cast<double>(expected.responsibilities[k]),
                    1e-12);
        sum += block.responsibilities[i * 5 + k];
      }
      EXPECT_NEAR(sum, 1, 1e-14);
    }
    next += block.n_rows;
  });
  EXPECT_EQ(next, 9001U);
}

TEST(Posterior, LogLikelihoodIsTheWeightedSumForAnyThreads) {
  const Dataset data =
      reference::random_dataset({.n_rows = 5000, .n_features = 9, .missing = 0.1, .weights = true}, 3);
  const Mixture mixture = reference::random_mixture(3, 9, 4);
  const double one = log_likelihood(mixture, data, {.threads = 1});
  EXPECT_NEAR(one, static_cast<double>(reference::log_likelihood(mixture, data)), 1e-9);
  for (const unsigned threads : {2U, 4U}) EXPECT_EQ(log_likelihood(mixture, data, {.threads = threads}), one);
}

TEST(Posterior, RefusesDataOfAnotherWidthAndLabelsThatDoNotFit) {
  const Mixture mixture = reference::random_mixture(3, 9, 4);
  EXPECT_THROW(log_likelihood(mixture, reference::random_dataset({.n_features = 8}, 1)),
               std::invalid_argument);
  Dataset data = reference::random_dataset({.n_rows = 2, .n_features = 9}, 1);
  data.labels = {0, 3};
  EXPECT_THROW(log_likelihood(mixture, data, {.semi_supervised = true}), std::invalid_argument);
  EXPECT_NO_THROW(log_likelihood(mixture, data));
}

TEST(Sample, HasTheMixturesMomentsAndIsDeterministic) {
  const Mixture mixture({0.7, 0.3}, {0.9, 0.5, 0, 0.2, 0.5, 1});
  const Dataset data = sample(mixture, 40000, 5);
  EXPECT_EQ(std::get<BitMatrix>(data.ones), std::get<BitMatrix>(sample(mixture, 40000, 5).ones));
  EXPECT_NE(std::get<BitMatrix>(data.ones), std::get<BitMatrix>(sample(mixture, 40000, 6).ones));
  double count[2] = {0, 0};
  double ones[2][3] = {{0, 0, 0}, {0, 0, 0}};
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const auto k = static_cast<std::size_t>(data.labels[i]);
    count[k] += 1;
    for (std::size_t d = 0; d < 3; ++d) ones[k][d] += test(data.ones, i, d) ? 1 : 0;
  }
  EXPECT_NEAR(count[0] / 40000, 0.7, 0.01);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t d = 0; d < 3; ++d)
      EXPECT_NEAR(ones[k][d] / count[k], mixture.probabilities(k)[d], 0.015);
  }
  EXPECT_EQ(sample(mixture, 0, 5).n_rows(), 0U);
}

TEST(Impute, FillsTheLikelierValueAndLeavesTheRest) {
  // Rows whose first two cells tell the component; the third is missing.
  const Mixture mixture({0.5, 0.5}, {0.9, 0.9, 0.8, 0.1, 0.1, 0.3});
  for (const bool sparse : {false, true}) {
    Dataset data;
    data.ones = BitMatrix(3, 3, {0b011, 0b000, 0b110});
    data.missing = BitMatrix(3, 3, {0b100, 0b100, 0b000});
    if (sparse) {
      data.ones = to_sparse(data.ones);
      data.missing = to_sparse(*data.missing);
    }
    const Dataset filled = impute(mixture, data);
    EXPECT_FALSE(filled.missing);
    EXPECT_EQ(to_packed(filled.ones), BitMatrix(3, 3, {0b111, 0b000, 0b110}));
  }
}

TEST(Impute, DrawsHaveThePosteriorMean) {
  const Mixture mixture({0.5, 0.5}, {0.9, 0.8, 0.1, 0.3});
  const std::size_t n = 20000;
  Dataset data;
  BitMatrix ones(n, 2);
  BitMatrix missing(n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    ones.set(i, 0);
    missing.set(i, 1);
  }
  data.ones = ones;
  data.missing = missing;
  const Dataset filled = impute(mixture, data, ImputeMethod::kDraw, 7);
  const double share = static_cast<double>(count_ones(filled.ones) - n) / static_cast<double>(n);
  EXPECT_NEAR(share, 0.9 * 0.8 + 0.1 * 0.3, 0.015);
}

}  // namespace
}  // namespace mixbern
