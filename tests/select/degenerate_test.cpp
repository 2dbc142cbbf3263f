// Unlucky data: every case has a defined outcome, and no NaN anywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "mixbern/fit/fit.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using testing::Contains;
using testing::HasSubstr;

FitResult expect_sound(const Dataset& data, std::size_t n_components, double smoothing, InitMethod init) {
  FitResult result = fit(data, {.n_components = n_components,
                                .init = init,
                                .n_init = 3,
                                .max_iter = 500,
                                .estimation = {.smoothing = smoothing},
                                .seed = 1});
  EXPECT_TRUE(std::isfinite(result.log_likelihood));
  EXPECT_LE(result.log_likelihood, 1e-9);
  for (const double w : result.mixture.weights()) EXPECT_TRUE(w >= 0 && w <= 1);
  for (const double p : result.mixture.probabilities()) EXPECT_TRUE(p >= 0 && p <= 1);
  for (const double t : result.trace) EXPECT_TRUE(std::isfinite(t));
  return result;
}

void expect_sound_for_all_options(const Dataset& data, std::size_t n_components) {
  for (const double smoothing : {0.0, 1e-6, 1.0}) {
    for (const InitMethod init :
         {InitMethod::kRandom, InitMethod::kRows, InitMethod::kKMeans, InitMethod::kKMeansPlusPlus}) {
      SCOPED_TRACE(std::string(to_string(init)) + " " + std::to_string(smoothing));
      expect_sound(data, n_components, smoothing, init);
    }
  }
}

TEST(Degenerate, OneRow) {
  expect_sound_for_all_options(reference::random_dataset({.n_rows = 1}, 1), 3);
}
TEST(Degenerate, OneFeature) {
  expect_sound_for_all_options(reference::random_dataset({.n_features = 1}, 1), 3);
}
TEST(Degenerate, MoreComponentsThanRows) {
  expect_sound_for_all_options(reference::random_dataset({.n_rows = 5}, 1), 12);
}

TEST(Degenerate, MoreComponentsThanDistinctRowsIsSaid) {
  Dataset data;
  data.ones = BitMatrix(6, 3, {1, 2, 1, 2, 1, 2});
  expect_sound_for_all_options(data, 4);
  EXPECT_THAT(fit(data, {.n_components = 4}).warnings, Contains(HasSubstr("than distinct rows (2)")));
}

TEST(Degenerate, AllRowsEqual) {
  Dataset data;
  data.ones = BitMatrix(6, 3, {5, 5, 5, 5, 5, 5});
  expect_sound_for_all_options(data, 2);
  EXPECT_EQ(fit(data, {.n_components = 2}).n_distinct_rows, 1U);
}

TEST(Degenerate, ConstantColumns) {
  for (const double density : {0.0, 1.0}) {
    expect_sound_for_all_options(reference::random_dataset({.density = density}, 1), 2);
  }
}

TEST(Degenerate, AConstantColumnDoesNotMakeNewRowsImpossible) {
  Dataset data = reference::random_dataset({.n_rows = 1000, .n_features = 3}, 1);
  BitMatrix ones(1000, 4);
  for (std::size_t i = 0; i < 1000; ++i) {
    for (std::size_t d = 0; d < 3; ++d) {
      if (test(data.ones, i, d)) ones.set(i, d);
    }
  }
  data.ones = ones;
  const FitResult result = fit(data, {.n_components = 2});
  Dataset fresh;
  fresh.ones = BitMatrix(1, 4, {0b1000});
  EXPECT_NEAR(log_likelihood(result.mixture, fresh), std::log(1e-6) + std::log(0.6 * 0.6 * 0.6), 0.5);
}

TEST(Degenerate, EverythingMissing) {
  const Dataset data = reference::random_dataset({.missing = 1}, 1);
  expect_sound_for_all_options(data, 2);
  const FitResult result = fit(data, {.n_components = 2});
  EXPECT_EQ(result.log_likelihood, 0);
  EXPECT_EQ(result.n_informative, 0);
}

TEST(Degenerate, RowsWithoutAnswersCountNothing) {
  const Dataset data = reference::random_dataset({.n_rows = 200, .n_features = 6}, 1);
  Dataset with_empty = data;
  BitMatrix ones = std::get<BitMatrix>(data.ones);
  BitMatrix missing(200, 6);
  for (int i = 0; i < 3; ++i) {
    ones.append_row(std::vector<std::uint64_t>{0});
    missing.append_row(std::vector<std::uint64_t>{0b111111});
  }
  with_empty.ones = ones;
  with_empty.missing = missing;
  const FitResult plain = fit(data, {.n_components = 2});
  const FitResult result = fit(with_empty, {.n_components = 2});
  EXPECT_EQ(result.n_informative, 200);
  EXPECT_NEAR(result.log_likelihood, plain.log_likelihood, 1e-6);
  EXPECT_NEAR(result.bic(), plain.bic(), 1e-5);
}

TEST(Degenerate, AColumnMissingInAComponent) {
  // Feature 1 is never observed where feature 0 is 1.
  Dataset data;
  data.ones = BitMatrix(4, 2, {0b01, 0b01, 0b10, 0b00});
  data.missing = BitMatrix(4, 2, {0b10, 0b10, 0, 0});
  expect_sound_for_all_options(data, 2);
}

TEST(Degenerate, ManyFeatures) {
  const Dataset data = reference::random_dataset({.n_rows = 30, .n_features = 100'000, .density = 0.01}, 1);
  for (const bool sparse : {false, true}) {
    Dataset rows = data;
    if (sparse) rows.ones = to_sparse(data.ones);
    const FitResult result = fit(rows, {.n_components = 3, .n_init = 1, .max_iter = 20});
    EXPECT_TRUE(std::isfinite(result.log_likelihood));
  }
}

TEST(Degenerate, AnEmptiedComponentIsSaid) {
  Dataset data;
  data.ones = BitMatrix(4, 2, {0b01, 0b01, 0b10, 0b10});
  const Mixture start({0.5, 0.5, 0}, {0.9, 0.1, 0.1, 0.9, 0.5, 0.5});
  const FitResult result = fit(
      data,
      {.n_components = 3, .init = InitMethod::kModel, .estimation = {.smoothing = 0}, .init_model = start});
  EXPECT_EQ(result.mixture.weights()[2], 0);
  EXPECT_THAT(result.warnings, Contains(HasSubstr("lost all their rows")));
}

TEST(Degenerate, HugeAndTinyWeights) {
  for (const double scale : {1e-12, 1e12}) {
    Dataset data = reference::random_dataset({.n_rows = 100, .weights = true}, 1);
    const FitOptions options{.n_components = 2,
                             .init = InitMethod::kModel,
                             .estimation = {.smoothing = 0},
                             .init_model = reference::random_mixture(2, 7, 1)};
    const FitResult plain = fit(data, options);
    for (double& weight : data.weights) weight *= scale;
    const FitResult scaled = fit(data, options);
    EXPECT_NEAR(scaled.log_likelihood / scale, plain.log_likelihood, 1e-6 * std::abs(plain.log_likelihood));
  }
}

}  // namespace
}  // namespace mixbern
