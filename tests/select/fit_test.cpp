#include "mixbern/fit/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>

#include "mixbern/kernels/kernels.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"
#include "select/plan.hpp"

namespace mixbern {
namespace {

using testing::HasSubstr;

Dataset large() {
  return reference::random_dataset({.n_rows = 3000, .n_features = 120, .density = 0.3}, 1);
}
Dataset small() {
  return reference::random_dataset({.n_rows = 400, .n_features = 7, .missing = 0.1}, 2);
}

// So large that a start is fitted to a sample first.
Dataset huge() {
  Dataset data = sample(reference::random_mixture(6, 40, 3), 100'000, 4);
  data.labels.clear();
  return data;
}

struct Schedule {
  unsigned threads;
  std::size_t block_rows;
};

void expect_same_for_all_schedules(const Dataset& data, InitMethod init) {
  FitOptions options{.n_components = 5, .init = init, .n_init = 3, .max_iter = 20, .seed = 3, .threads = 1};
  const FitResult expected = fit(data, options);
  for (const Schedule schedule : {Schedule{1, 997}, {2, 0}, {2, 11}, {4, 0}, {4, 4000}}) {
    options.threads = schedule.threads;
    options.block_rows = schedule.block_rows;
    const FitResult result = fit(data, options);
    EXPECT_EQ(result.mixture, expected.mixture)
        << schedule.threads << " threads, blocks of " << schedule.block_rows;
    EXPECT_EQ(result.log_likelihoods, expected.log_likelihoods);
    EXPECT_EQ(result.trace, expected.trace);
  }
}

TEST(Fit, ThreadsAndBlocksChangeNoBit) {
  for (const InitMethod init :
       {InitMethod::kRandom, InitMethod::kRows, InitMethod::kKMeans, InitMethod::kKMeansPlusPlus}) {
    SCOPED_TRACE(to_string(init));
    expect_same_for_all_schedules(large(), init);
    expect_same_for_all_schedules(small(), init);
  }
}

TEST(Fit, KernelsChangeNoBit) {
  const std::string before = active_kernel();
  use_kernel("scalar");
  const FitResult expected = fit(large(), {.n_components = 5, .n_init = 2, .max_iter = 30});
  for (const KernelInfo& kernel : kernels()) {
    if (!kernel.supported) {
      std::cout << "skipped: " << kernel.name << " cannot run on this processor\n";
      continue;
    }
    use_kernel(kernel.name);
    const FitResult result = fit(large(), {.n_components = 5, .n_init = 2, .max_iter = 30});
    EXPECT_EQ(result.kernel, kernel.name);
    EXPECT_EQ(result.mixture, expected.mixture) << kernel.name;
  }
  use_kernel(before);
}

TEST(Fit, ReportsTheLikelihoodOfWhatItReturns) {
  for (const Dataset& data : {large(), small()}) {
    const FitResult result = fit(data, {.n_components = 3, .n_init = 3});
    EXPECT_NEAR(result.log_likelihood, log_likelihood(result.mixture, data),
                1e-9 * std::abs(result.log_likelihood));
    EXPECT_NEAR(result.trace.back(), result.mean_log_likelihood(), 1e-12);
    EXPECT_EQ(result.trace.size(), result.n_iter);
    EXPECT_EQ(result.log_likelihoods.size(), 3U);
    const auto weights = result.mixture.weights();
    EXPECT_TRUE(std::is_sorted(weights.rbegin(), weights.rend()));
  }
}

TEST(Fit, ARepeatedRowIsAWeight) {
  const Dataset once = small();
  Dataset weighted = once;
  weighted.weights.assign(once.n_rows(), 1);
  Dataset repeated = once;
  BitMatrix ones = std::get<BitMatrix>(once.ones);
  BitMatrix missing = std::get<BitMatrix>(*once.missing);
  for (std::size_t i = 0; i < 50; ++i) {
    weighted.weights[i] = 3;
    for (int copy = 0; copy < 2; ++copy) {
      ones.append_row(std::get<BitMatrix>(once.ones).row(i));
      missing.append_row(std::get<BitMatrix>(*once.missing).row(i));
    }
  }
  repeated.ones = ones;
  repeated.missing = missing;
  const FitOptions options{.n_components = 3, .n_init = 4, .seed = 1};
  const FitResult a = fit(weighted, options);
  const FitResult b = fit(repeated, options);
  EXPECT_NEAR(a.log_likelihood, b.log_likelihood, 1e-10 * std::abs(a.log_likelihood));
  EXPECT_LT(reference::largest_difference(a.mixture, b.mixture), 1e-10);
  EXPECT_EQ(a.n_informative, b.n_informative);
}

TEST(Fit, RecoversAWellSeparatedMixture) {
  const Mixture truth({0.5, 0.3, 0.2},
                      {.9, .9, .9, .9, .1, .1, .1, .1, .1, .9, .9, .1, .1, .1, .1, .1, .9, .9,
                       .9, .9, .1, .1, .1, .1, .1, .1, .9, .9, .9, .9, .1, .1, .9, .9, .1, .9});
  const FitResult result = fit(sample(truth, 20000, 1), {.n_components = 3});
  EXPECT_LT(reference::largest_difference(result.mixture, truth), 0.02);
  EXPECT_GT(10 * result.n_init_at_best, 9 * result.n_init);
}

TEST(Fit, APortfolioTellsByKindWhatItsStartsReached) {
  const FitResult result = fit(small(), {.n_components = 3});
  ASSERT_EQ(result.start_kinds.size(), 5U);
  std::size_t n = 0, at_best = 0;
  for (const StartKind& kind : result.start_kinds) {
    n += kind.n_init;
    at_best += kind.n_init_at_best;
  }
  EXPECT_EQ(n, result.n_init);
  EXPECT_EQ(at_best, result.n_init_at_best);
  EXPECT_EQ(result.log_likelihoods.size(), result.n_init);
  EXPECT_LT(result.unseen_share, 0.02);
  EXPECT_EQ(result.options.init, InitMethod::kPortfolio);
  EXPECT_THROW(fit(small(), {.n_components = 3, .init = InitMethod::kVariation}), std::invalid_argument);
}

TEST(Fit, APortfolioIsTheSameForAnyThreads) {
  const FitResult one = fit(small(), {.n_components = 4, .threads = 1});
  const FitResult two = fit(small(), {.n_components = 4, .threads = 2});
  EXPECT_EQ(one.log_likelihoods, two.log_likelihoods);
  EXPECT_EQ(reference::largest_difference(one.mixture, two.mixture), 0);
}

// The rows of the second kind are impossible where the first item is 0 for sure; their responsibilities there
// round to nothing for some iterations, and come back.
TEST(Fit, WithoutSmoothingNoCellIsLostToRounding) {
  const Dataset data = small();
  const double least =
      fit(data, {.n_components = 3, .estimation = {.smoothing = 1e-9}, .seed = 2}).log_likelihood;
  const FitResult exact = fit(data, {.n_components = 3, .estimation = {.smoothing = 0}, .seed = 2});
  EXPECT_NEAR(exact.log_likelihood, least, 1e-4);
}

TEST(Fit, StartsFromAModelAndFromLabels) {
  const Dataset data = small();
  const Mixture start = reference::random_mixture(3, 7, 4);
  const FitResult from_model =
      fit(data, {.n_components = 3, .init = InitMethod::kModel, .init_model = start});
  EXPECT_EQ(from_model.n_init, 1U);
  EXPECT_NEAR(from_model.trace[0], static_cast<double>(reference::log_likelihood(start, data)) / 400, 1e-12);
  Dataset labelled = data;
  for (std::size_t i = 0; i < 400; ++i) labelled.labels.push_back(static_cast<std::int64_t>(i % 3));
  EXPECT_EQ(fit(labelled, {.n_components = 3, .init = InitMethod::kLabels}).n_init, 1U);
}

TEST(Fit, HeldLabelsKeepTheirComponent) {
  for (const double share : {0.6, 0.3}) {
    const Mixture truth({share, 1 - share}, {.8, .8, .8, .8, .2, .2, .2, .2});
    Dataset data = sample(truth, 2000, 2);
    for (std::size_t i = 0; i < 2000; i += 2) data.labels[i] = -1;
    for (const Precision precision : {Precision::kDouble, Precision::kFast}) {
      const FitResult result = fit(data, {.n_components = 2,
                                          .init = InitMethod::kLabels,
                                          .estimation = {.semi_supervised = true},
                                          .precision = precision});
      EXPECT_LT(reference::largest_difference(result.mixture, truth), 0.08) << share;
      EXPECT_NEAR(result.log_likelihood, log_likelihood(result.mixture, data, {.semi_supervised = true}),
                  1e-7);
    }
  }
}

TEST(Fit, AStartOnASampleIsBetterThanNoneAndTheSameForAnyThreads) {
  const Dataset data = huge();
  FitOptions options{.n_components = 32, .n_init = 1, .max_iter = 5, .threads = 1};
  ASSERT_EQ(make_plan(RowFacts(data, Arithmetic::kFixed), options).sample_rows, 20'000U);
  options.init = InitMethod::kModel;  // where the start is given, there is nothing to look for in a sample
  ASSERT_EQ(make_plan(RowFacts(data, Arithmetic::kFixed), options).sample_rows, 0U);
  options.init = InitMethod::kRandom;
  const FitResult one = fit(data, options);
  options.threads = 2;
  options.block_rows = 333;
  const FitResult two = fit(data, options);
  EXPECT_EQ(one.mixture, two.mixture);
  EXPECT_EQ(one.log_likelihood, two.log_likelihood);
  // A fresh start begins below the model of one component.
  EXPECT_GT(one.trace.front(), fit(data, {.n_components = 1}).mean_log_likelihood());
}

TEST(Fit, PrecisionsAgreeOnWhatTheyReport) {
  for (const auto precision : {Precision::kFast, Precision::kDouble}) {
    const FitResult result =
        fit(large(), {.n_components = 3, .n_init = 1, .max_iter = 20, .precision = precision});
    EXPECT_EQ(result.options.precision, precision);
    EXPECT_NEAR(result.log_likelihood,
                static_cast<double>(reference::log_likelihood(result.mixture, large())),
                1e-9 * std::abs(result.log_likelihood));
    EXPECT_NEAR(result.trace.back(), result.mean_log_likelihood(), 1e-8 * std::abs(result.trace.back()));
  }
}

class Recorder : public Watch {
 public:
  explicit Recorder(std::size_t stop_after) : stop_after_(stop_after) {}
  void stage_begins(const Stage&) override { ++stages; }
  void iteration_done(const IterationEvent& event) override {
    ++iterations;
    starts.insert(event.start);
    EXPECT_FALSE(std::isnan(event.mean_log_likelihood));
  }
  bool cancelled() override { return ++asked_ >= stop_after_; }
  std::size_t stages = 0, iterations = 0;
  std::set<std::size_t> starts;

 private:
  std::size_t stop_after_;
  std::atomic<std::size_t> asked_ = 0;
};

TEST(Fit, TellsItsWatchEverything) {
  Recorder recorder(SIZE_MAX);
  const FitResult result = fit(large(), {.n_components = 4, .n_init = 8, .watch = &recorder});
  // E-steps of proposals that were rejected are no iterations.
  EXPECT_LE(recorder.iterations, result.total_iterations);
  EXPECT_GE(recorder.iterations, result.total_iterations / 2);
  EXPECT_EQ(recorder.starts.size(), 8U);
  EXPECT_GE(recorder.stages, 2U);
}

TEST(Fit, CancelledItReturnsTheBestSoFar) {
  for (const std::size_t after : {1U, 20U, 150U}) {
    Recorder recorder(after);
    const FitResult result = fit(large(), {.n_components = 4, .n_init = 8, .threads = 2, .watch = &recorder});
    EXPECT_EQ(result.stop_reason, StopReason::kCancelled);
    EXPECT_FALSE(result.converged);
    EXPECT_LE(result.total_iterations, after + 2);
    EXPECT_NEAR(result.log_likelihood, log_likelihood(result.mixture, large()), 1e-6);
    EXPECT_THAT(result.warnings, testing::Contains(HasSubstr("cancelled")));
  }
}

// Cancels in the middle of the iteration that follows some others.
class Interrupter : public Watch {
 public:
  explicit Interrupter(std::size_t after) : after_(after) {}
  void iteration_done(const IterationEvent&) override { ++n_iterations_; }
  bool cancelled() override { return n_iterations_ >= after_ && ++n_asked_ > 3; }

 private:
  std::size_t after_;
  std::atomic<std::size_t> n_iterations_ = 0;
  std::atomic<std::size_t> n_asked_ = 0;
};

TEST(Fit, CancelledWithinAnIterationItReturnsTheOneBefore) {
  FitOptions options{.n_components = 4, .n_init = 1, .block_rows = 64};
  for (const std::size_t after : {1U, 3U}) {
    Interrupter interrupter(after);
    options.max_iter = 1000;
    options.watch = &interrupter;
    const FitResult cut = fit(large(), options);
    EXPECT_EQ(cut.stop_reason, StopReason::kCancelled);
    EXPECT_EQ(cut.total_iterations, after);
    options.max_iter = after;
    options.watch = nullptr;
    const FitResult whole = fit(large(), options);
    EXPECT_EQ(cut.mixture, whole.mixture);
    EXPECT_EQ(cut.log_likelihood, whole.log_likelihood);
  }
}

TEST(Fit, SaysWhenItDidNotConverge) {
  const FitResult result = fit(large(), {.n_components = 4, .n_init = 2, .max_iter = 5});
  EXPECT_EQ(result.stop_reason, StopReason::kMaxIterations);
  EXPECT_EQ(result.n_iter, 5U);
  EXPECT_THAT(result.warnings, testing::Contains(HasSubstr("not converged")));
}

TEST(Fit, RunsToMaxIterWithoutATolerance) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 3);
  for (const auto acceleration :
       {Acceleration::kNone, Acceleration::kAnderson, Acceleration::kNewton, Acceleration::kAuto}) {
    for (const std::size_t n_init : {1U, 20U}) {
      const FitResult result =
          fit(data,
              {.n_components = 2, .n_init = n_init, .max_iter = 500, .tol = 0, .acceleration = acceleration});
      EXPECT_EQ(result.n_iter, 500U);
      EXPECT_FALSE(result.converged);
      EXPECT_EQ(result.stop_reason, StopReason::kMaxIterations);
      EXPECT_EQ(result.options.tol, 0);
      EXPECT_NEAR(result.log_likelihood,
                  fit(data, {.n_components = 2, .n_init = n_init, .tol = 1e-12}).log_likelihood, 1e-2);
    }
  }
}

TEST(Fit, RefusesOptionsOutOfRange) {
  const Dataset data = small();
  EXPECT_THROW(fit(data, {.n_components = 0}), std::invalid_argument);
  EXPECT_THROW(fit(data, {.n_components = 70000}), std::invalid_argument);
  EXPECT_THROW(fit(data, {.n_components = 2, .tol = -1}), std::invalid_argument);
  EXPECT_THROW(fit(data, {.n_components = 2, .estimation = {.smoothing = -1}}), std::invalid_argument);
  EXPECT_THROW(fit(data, {.n_components = 2, .estimation = {.smoothing = NAN}}), std::invalid_argument);
  EXPECT_THROW(fit(data, {.n_components = 2, .init = InitMethod::kLabels}), std::invalid_argument);
  EXPECT_THROW(fit(data, {.n_components = 2, .init = InitMethod::kModel}), std::invalid_argument);
  EXPECT_THROW(
      fit(data,
          {.n_components = 2, .init = InitMethod::kModel, .init_model = reference::random_mixture(3, 7, 1)}),
      std::invalid_argument);
  EXPECT_THROW(fit(Dataset{.ones = BitMatrix(0, 3)}, {}), std::invalid_argument);
  EXPECT_THROW(fit(Dataset{.ones = BitMatrix(3, 0)}, {}), std::invalid_argument);
  Dataset weightless = data;
  weightless.weights.assign(data.n_rows(), 0);
  EXPECT_THROW(fit(weightless, {.n_components = 2}), std::invalid_argument);
}

TEST(Fit, KeepsPartOfTheTraceOfEachStart) {
  for (const Dataset& data : {small(), large()}) {
    const FitResult result =
        fit(data, {.n_components = 4, .n_init = 12, .seed = 5, .acceleration = Acceleration::kNone});
    ASSERT_EQ(result.traces.size(), 12U);
    std::size_t n_like_the_best = 0;
    for (std::size_t i = 0; i < 12; ++i) {
      const StartTrace& trace = result.traces[i];
      ASSERT_FALSE(trace.iterations.empty());
      EXPECT_LE(trace.iterations.size(), 200U);
      EXPECT_EQ(trace.iterations.front(), 1U);
      EXPECT_NEAR(trace.mean_log_likelihoods.back() * result.total_weight, result.log_likelihoods[i],
                  1e-7 * std::abs(result.log_likelihoods[i]));
      if (trace.iterations.back() != result.n_iter) continue;
      bool same = true;
      for (std::size_t j = 0; j < trace.iterations.size(); ++j)
        same = same && trace.mean_log_likelihoods[j] == result.trace[trace.iterations[j] - 1];
      n_like_the_best += same ? 1 : 0;
    }
    EXPECT_GE(n_like_the_best, 1U);
  }
}

TEST(Fit, KeepsTheTracesOfTheBestOfVeryManyStarts) {
  const Dataset data = reference::random_dataset({.n_rows = 30, .n_features = 3, .density = 0.4}, 1);
  const FitResult result = fit(data, {.n_components = 2, .n_init = 300, .max_iter = 5, .seed = 5});
  ASSERT_EQ(result.traces.size(), 300U);
  double worst_with = HUGE_VAL, best_without = -HUGE_VAL;
  std::size_t n_with = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    const bool with = !result.traces[i].iterations.empty();
    n_with += with ? 1 : 0;
    if (with) worst_with = std::min(worst_with, result.log_likelihoods[i]);
    if (!with) best_without = std::max(best_without, result.log_likelihoods[i]);
  }
  EXPECT_EQ(n_with, 100U);
  EXPECT_GE(worst_with, best_without);
}

}  // namespace
}  // namespace mixbern
