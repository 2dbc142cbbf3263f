#include "em/em_run.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/thread_arena.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

EmOptions exactly(std::size_t max_iter) {
  return {.max_iter = max_iter, .tol = 0, .prior = {.strength = 0}};
}

Mixture run(const Dataset& data, const Mixture& start, const EmOptions& options, Reducer& reducer) {
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  EmRun em(rows, facts, start, options);
  em.advance(options.max_iter, reducer, {});
  return em.mixture();
}

TEST(EmRun, OneStepIsTheDefinitionTo1e12) {
  for (const std::size_t n_features : {1U, 5U, 12U}) {
    for (const double missing : {0.0, 0.3}) {
      for (const bool weights : {false, true}) {
        for (const double smoothing : {0.0, 1e-6, 0.7}) {
          Dataset data = reference::random_dataset(
              {.n_rows = 60, .n_features = n_features, .missing = missing, .weights = weights}, 11);
          const Mixture start = reference::random_mixture(3, n_features, 12);
          const RowsOfDataset rows(data, Arithmetic::kDouble);
          const RowFacts facts(rows);
          const auto reducer = make_serial_reducer(layout_for(facts, 3), 64);
          EmRun em(rows, facts, start, {.max_iter = 2, .tol = 0, .prior = {.strength = smoothing}});
          em.advance(2, *reducer, {});
          EXPECT_LT(reference::largest_difference(em.mixture(), reference::em_step(start, data, smoothing)),
                    1e-12);
          EXPECT_NEAR(em.trace()[0] * total_weight(data),
                      static_cast<double>(reference::log_likelihood(start, data)), 1e-11);
          EXPECT_NEAR(em.log_likelihood(), static_cast<double>(reference::log_likelihood(em.mixture(), data)),
                      1e-11);
        }
      }
    }
  }
}

TEST(EmRun, ShrinksTowardTheMeansThatItIsGiven) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 4, .missing = 0.2}, 11);
  const std::vector<double> means = {0.1, 0.5, 0.3, 0.95};
  const Mixture start = reference::random_mixture(3, 4, 12);
  for (const Arithmetic arithmetic : {Arithmetic::kDouble, Arithmetic::kFixed}) {
    const RowsOfDataset rows(data, arithmetic);
    const RowFacts facts(rows, arithmetic);
    const auto reducer = make_serial_reducer(layout_for(facts, 3), 64);
    EmRun em(rows, facts, start, {.max_iter = 2, .tol = 0, .prior = {.strength = 2, .means = means}});
    em.advance(2, *reducer, {});
    const double tolerance = arithmetic == Arithmetic::kDouble ? 1e-12 : 1e-6;
    EXPECT_LT(reference::largest_difference(em.mixture(), reference::em_step(start, data, 2, means)),
              tolerance);
  }
}

TEST(EmRun, ThePenalisedLikelihoodNeverFalls) {
  const Dataset data = reference::random_dataset({.n_rows = 200, .n_features = 8, .missing = 0.1}, 5);
  const std::vector<double> means = {0.1, 0.5, 0.3, 0.95, 0.02, 0.4, 0.6, 0.7};
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  const auto reducer = make_serial_reducer(layout_for(facts, 4), 64);
  for (const Acceleration acceleration :
       {Acceleration::kNone, Acceleration::kAnderson, Acceleration::kNewton}) {
    EmRun em(rows, facts, reference::random_mixture(4, 8, 6),
             {.max_iter = 300,
              .tol = 1e-14,
              .prior = {.strength = 3, .means = means},
              .acceleration = acceleration});
    double before = -HUGE_VAL;
    while (!em.advance(1, *reducer, {})) {
      EXPECT_GE(em.objective(), before - 1e-9);
      before = em.objective();
    }
    // The maximum is where an EM step leads to itself.
    EXPECT_LT(reference::largest_difference(em.mixture(), reference::em_step(em.mixture(), data, 3, means)),
              1e-6);
  }
}

TEST(EmRun, TheLikelihoodNeverFalls) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    for (const double missing : {0.0, 0.2}) {
      const Dataset data =
          reference::random_dataset({.n_rows = 300, .n_features = 20, .missing = missing}, seed);
      const RowsOfDataset rows(data, Arithmetic::kDouble);
      const RowFacts facts(rows);
      const auto reducer = make_serial_reducer(layout_for(facts, 6), 64);
      EmRun em(rows, facts, reference::random_mixture(6, 20, seed), exactly(400));
      em.advance(400, *reducer, {});
      for (std::size_t t = 1; t < em.trace().size(); ++t) EXPECT_GE(em.trace()[t], em.trace()[t - 1] - 1e-12);
    }
  }
}

TEST(EmRun, ThreadsAndBlocksChangeNoBit) {
  const Dataset data =
      reference::random_dataset({.n_rows = 1003, .n_features = 70, .missing = 0.1, .weights = true}, 4);
  const Mixture start = reference::random_mixture(5, 70, 5);
  const StatsLayout layout = layout_for(RowFacts(data), 5);
  const auto serial = make_serial_reducer(layout, 64);
  const Mixture expected = run(data, start, exactly(20), *serial);
  for (const std::size_t block_rows : {1U, 7U, 128U, 5000U}) {
    const auto blocked = make_serial_reducer(layout, block_rows);
    EXPECT_EQ(run(data, start, exactly(20), *blocked), expected) << block_rows;
    for (const unsigned threads : {1U, 2U, 4U}) {
      const auto threaded = make_thread_reducer(layout, block_rows);
      ThreadArena arena(threads);
      arena.execute([&] { EXPECT_EQ(run(data, start, exactly(20), *threaded), expected) << block_rows; });
    }
  }
}

TEST(EmRun, CollapsedRowsGiveTheSameFit) {
  const Dataset data = reference::random_dataset({.n_rows = 2000, .n_features = 6, .missing = 0.1}, 6);
  const Dataset collapsed = collapse(data).data;
  const Mixture start = reference::random_mixture(3, 6, 7);
  const auto plain = make_serial_reducer(layout_for(RowFacts(data), 3), 64);
  const auto merged = make_serial_reducer(layout_for(RowFacts(collapsed), 3), 64);
  EXPECT_LT(reference::largest_difference(run(data, start, exactly(50), *plain),
                                          run(collapsed, start, exactly(50), *merged)),
            1e-10);
}

TEST(EmRun, GoesOnWhereItPaused) {
  const Dataset data = reference::random_dataset({.n_rows = 100, .n_features = 8}, 8);
  const Mixture start = reference::random_mixture(3, 8, 9);
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  const auto reducer = make_serial_reducer(layout_for(facts, 3), 64);
  EmRun em(rows, facts, start, exactly(30));
  for (int i = 0; i < 10; ++i) em.advance(3, *reducer, {});
  EXPECT_EQ(em.n_iter(), 30U);
  EXPECT_EQ(em.stop_reason(), StopReason::kMaxIterations);
  EXPECT_EQ(em.mixture(), run(data, start, exactly(30), *reducer));
}

TEST(EmRun, ATighterToleranceGoesOnWhereTheLooserOneStopped) {
  const Dataset data = reference::random_dataset({.n_rows = 100, .n_features = 8}, 8);
  const Mixture start = reference::random_mixture(3, 8, 9);
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  const auto reducer = make_serial_reducer(layout_for(facts, 3), 64);
  EmRun once(rows, facts, start, {.tol = 1e-9});
  once.advance(10'000, *reducer, {});
  EmRun twice(rows, facts, start, {.tol = 1e-4});
  twice.advance(10'000, *reducer, {});
  EXPECT_LT(twice.n_iter(), once.n_iter());
  twice.tighten_tolerance(1e-3);
  EXPECT_EQ(twice.stop_reason(), StopReason::kTolerance);
  twice.tighten_tolerance(1e-9);
  EXPECT_FALSE(twice.stop_reason());
  twice.advance(10'000, *reducer, {});
  EXPECT_EQ(twice.trace(), once.trace());
  EXPECT_EQ(twice.mixture(), once.mixture());
}

class CancelsAtFour : public Watch {
 public:
  void iteration_done(const IterationEvent& event) override { iteration_ = event.iteration; }
  bool cancelled() override { return iteration_ == 4; }

 private:
  std::size_t iteration_ = 0;
};

TEST(EmRun, TheWatchCanStopIt) {
  const Dataset data = reference::random_dataset({.n_rows = 100, .n_features = 8}, 8);
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  const auto reducer = make_serial_reducer(layout_for(facts, 3), 64);
  EmRun em(rows, facts, reference::random_mixture(3, 8, 9), exactly(30));
  CancelsAtFour watch;
  em.advance(30, *reducer, &watch);
  EXPECT_EQ(em.n_iter(), 4U);
  EXPECT_EQ(em.stop_reason(), StopReason::kCancelled);
  EXPECT_NEAR(em.log_likelihood(), static_cast<double>(reference::log_likelihood(em.mixture(), data)), 1e-11);
}

TEST(StartTrace, KeepsTheFirstIterationsTheLastAndSomeBetween) {
  for (const std::size_t n : {0U, 1U, 64U, 200U, 201U, 1'000U, 100'000U}) {
    std::vector<double> trace(n);
    for (std::size_t i = 0; i < n; ++i) trace[i] = -1.0 / static_cast<double>(i + 1);
    const StartTrace thin = thinned(trace);
    ASSERT_EQ(thin.iterations.size(), thin.mean_log_likelihoods.size());
    EXPECT_LE(thin.iterations.size(), 200U);
    if (n <= 200) {
      EXPECT_EQ(thin.iterations.size(), n);
    }
    if (n > 0) {
      EXPECT_EQ(thin.iterations.back(), n);
    }
    for (std::size_t j = 0; j < thin.iterations.size(); ++j) {
      if (j < 64) {
        EXPECT_EQ(thin.iterations[j], j + 1);
      } else {
        EXPECT_GT(thin.iterations[j], thin.iterations[j - 1]);
      }
      EXPECT_EQ(thin.mean_log_likelihoods[j], trace[thin.iterations[j] - 1]);
    }
  }
}

}  // namespace
}  // namespace mixbern
