#include "mixbern/select/smoothing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "mixbern/select/selection.hpp"
#include "reference.hpp"
#include "select/folds.hpp"

namespace mixbern {
namespace {

double weight_of(const Folds& folds, std::size_t fold) {
  return total_weight(folds.held_out(fold));
}

TEST(Folds, HaveTheSameSizeAndTogetherAllRows) {
  const Dataset data = reference::random_dataset({.n_rows = 53, .n_features = 4, .missing = 0.2}, 3);
  const Folds folds(data, 5, 1);
  double all = 0;
  for (std::size_t f = 0; f < 5; ++f) {
    EXPECT_NEAR(weight_of(folds, f), 53 / 5.0, 1);
    EXPECT_EQ(weight_of(folds, f) + total_weight(folds.training(f)), 53);
    all += weight_of(folds, f);
  }
  EXPECT_EQ(all, 53);
}

TEST(Folds, DealWholeWeightsRowByRow) {
  BitMatrix ones(3, 2);
  ones.set(0, 0), ones.set(1, 1);
  const Folds counts({.ones = ones, .weights = {30, 0, 21}}, 4, 1);
  for (std::size_t f = 0; f < 4; ++f) {
    EXPECT_NEAR(weight_of(counts, f), 51 / 4.0, 1);
    EXPECT_LE(counts.held_out(f).n_rows(), 2U);  // the row of weight 0 is nowhere
  }
  const Dataset sample{.ones = ones, .weights = {30.5, 0, 21}};
  EXPECT_EQ(Folds::n_rows(sample), 2U);
  const Folds whole(sample, 2, 1);
  EXPECT_EQ(whole.held_out(0).n_rows() + whole.held_out(1).n_rows(), 2U);
  EXPECT_THROW(Folds(sample, 3, 1), std::invalid_argument);
}

// With one component the held-out log-likelihood is known, and so is what maximises it.
TEST(ChooseSmoothing, FindsWhatLeavesOneOut) {
  BitMatrix ones(12, 1);
  ones.set(0, 0), ones.set(1, 0), ones.set(2, 0);
  const Dataset data{.ones = ones};
  const auto held_out = [](double a) {
    return 3 * std::log((2 + a) / (11 + 2 * a)) + 9 * std::log((8 + a) / (11 + 2 * a));
  };
  const SmoothingChoice choice = choose_smoothing(data, {.n_components = 1}, 12);
  EXPECT_EQ(choice.n_folds, 12U);
  ASSERT_GE(choice.trials.size(), 10U);
  double best = -HUGE_VAL;
  for (const SmoothingTrial& trial : choice.trials) {
    EXPECT_NEAR(trial.cv_log_likelihood, held_out(trial.smoothing), 1e-9) << trial.smoothing;
    best = std::max(best, trial.cv_log_likelihood);
  }
  // The smallest of those that are as good.
  EXPECT_GE(held_out(choice.smoothing), best - 0.1);
  for (const SmoothingTrial& trial : choice.trials) {
    if (trial.smoothing >= choice.smoothing) break;
    EXPECT_LT(trial.cv_log_likelihood, best - 0.1);
  }
}

TEST(ChooseSmoothing, IsTheSameForAnyNumberOfThreads) {
  const Dataset data = reference::random_dataset({.n_rows = 80, .n_features = 12, .missing = 0.1}, 8);
  for (const SmoothingTarget target : {SmoothingTarget::kHalf, SmoothingTarget::kItem}) {
    const auto run = [&](unsigned threads) {
      return choose_smoothing(
          data, {.n_components = 3, .estimation = {.smoothing_target = target}, .threads = threads});
    };
    const SmoothingChoice one = run(1), three = run(3);
    EXPECT_EQ(one.smoothing, three.smoothing);
    ASSERT_EQ(one.trials.size(), three.trials.size());
    for (std::size_t i = 0; i < one.trials.size(); ++i)
      EXPECT_EQ(one.trials[i].cv_log_likelihood, three.trials[i].cv_log_likelihood);
  }
}

// Noise in many items: each of four components learns its own unless it is smoothed.
TEST(ChooseSmoothing, PredictsNewRowsBetterThanNone) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 40}, 1);
  const Dataset fresh = reference::random_dataset({.n_rows = 500, .n_features = 40}, 2);
  FitOptions options{.n_components = 4, .n_init = 8};
  const double without = log_likelihood(fit(data, options).mixture, fresh);
  for (const SmoothingTarget target : {SmoothingTarget::kHalf, SmoothingTarget::kItem}) {
    options.estimation.smoothing_target = target;
    options.estimation.smoothing = choose_smoothing(data, options).smoothing;
    EXPECT_GT(options.estimation.smoothing, 0.5);
    EXPECT_GT(log_likelihood(fit(data, options).mixture, fresh), without + 100);
  }
}

TEST(ChooseSmoothing, SaysWhereThereIsNothingToChooseBy) {
  const SmoothingChoice choice = choose_smoothing({.ones = BitMatrix(1, 3)}, {.n_components = 1});
  EXPECT_EQ(choice.smoothing, Estimation{}.smoothing);
  EXPECT_EQ(choice.n_folds, 0U);
  EXPECT_EQ(choice.warnings.size(), 1U);
  EXPECT_THROW(choose_smoothing({.ones = BitMatrix(3, 3)}, {.n_components = 1}, 1), std::invalid_argument);
}

TEST(SelectComponents, ChoosesTheSmoothingOfEachNumber) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 8}, 4);
  const Selection selection = select_components(
      data, {.n_components = {1, 2}, .fit = {.n_init = 4}, .smoothing_folds = 3, .blrt_samples = 19});
  for (const Candidate& candidate : selection.candidates) {
    ASSERT_TRUE(candidate.smoothing.has_value());
    EXPECT_EQ(candidate.smoothing->n_folds, 3U);
    EXPECT_EQ(candidate.fit.options.estimation.smoothing, candidate.smoothing->smoothing);
  }
  EXPECT_TRUE(selection.candidates[1].blrt.has_value());
}

}  // namespace
}  // namespace mixbern
