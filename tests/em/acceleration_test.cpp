#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "em/anderson.hpp"
#include "em/cholesky.hpp"
#include "em/curvature.hpp"
#include "em/em_run.hpp"
#include "em/newton.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

// The 32 patterns of five items that a mixture of overlapping classes expects among `total` rows: the
// likelihood of four classes is a flat valley.
Dataset expected_table(const Mixture& truth, double total) {
  BitMatrix ones(32, 5);
  for (std::size_t i = 0; i < 32; ++i) {
    for (std::size_t d = 0; d < 5; ++d) {
      if ((i >> d & 1U) != 0) ones.set(i, d);
    }
  }
  Dataset data{.ones = ones};
  for (std::size_t i = 0; i < 32; ++i) {
    data.weights.push_back(std::round(
        total * std::exp(static_cast<double>(reference::posterior(truth, data, i).log_likelihood))));
  }
  return data;
}

Dataset flat_table() {
  return expected_table(
      {{0.35, 0.32, 0.22, 0.11}, {0.35, 0.72, 0.33, 0.28, 0.25, 0.64, 0.55, 0.87, 0.26, 0.55,
                                  0.80, 0.48, 0.43, 0.34, 0.48, 0.84, 0.29, 0.70, 0.17, 0.88}},
      20'000);
}

struct Ended {
  double log_likelihood;
  std::size_t n_iter, n_e_steps;
  std::optional<StopReason> reason;
  std::vector<double> trace;
};

Ended run(const Dataset& data, const Mixture& start, Acceleration acceleration,
          std::size_t max_iter = 200'000, Arithmetic arithmetic = Arithmetic::kDouble) {
  const RowsOfDataset rows(data, arithmetic);
  const RowFacts facts(rows, arithmetic);
  const std::size_t n_components = start.n_components();
  const auto reducer = make_serial_reducer(layout_for(facts, n_components), 64);
  EmRun em(rows, facts, start,
           {.max_iter = max_iter,
            .tol = 1e-7 / facts.total_weight,
            .prior = {.strength = 1e-6},
            .acceleration = acceleration});
  em.advance(max_iter, *reducer, {});
  return {em.log_likelihood(), em.n_iter(), em.n_e_steps(), em.stop_reason(), em.trace()};
}

TEST(Acceleration, FindsTheBottomOfAFlatValleyInFewIterations) {
  const Dataset data = flat_table();
  for (const unsigned seed : {1U, 2U, 3U}) {
    const Mixture start = reference::random_mixture(4, 5, seed);
    const Ended plain = run(data, start, Acceleration::kNone);
    const Ended by_default = run(data, start, Acceleration::kAuto);
    const Ended newton = run(data, start, Acceleration::kNewton);
    EXPECT_EQ(by_default.reason, StopReason::kTolerance);
    EXPECT_GE(by_default.log_likelihood, plain.log_likelihood - 1e-6) << seed;
    EXPECT_GE(newton.log_likelihood, plain.log_likelihood - 1e-6) << seed;
    EXPECT_LT(by_default.n_e_steps, 600U);
    EXPECT_LT(newton.n_e_steps, 600U);
    EXPECT_GT(plain.n_iter, 5'000U);
  }
}

TEST(Acceleration, NeverLowersTheLikelihood) {
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    for (const double missing : {0.0, 0.2}) {
      const Dataset data = reference::random_dataset(
          {.n_rows = 200, .n_features = 9, .missing = missing, .weights = true}, seed);
      const Mixture start = reference::random_mixture(4, 9, seed + 10);
      for (const auto acceleration : {Acceleration::kAuto, Acceleration::kAnderson, Acceleration::kNewton}) {
        for (const auto arithmetic : {Arithmetic::kDouble, Arithmetic::kFixed}) {
          const Ended ended = run(data, start, acceleration, 3'000, arithmetic);
          EXPECT_EQ(ended.trace.size(), ended.n_iter);
          EXPECT_GE(ended.n_e_steps, ended.n_iter);
          for (std::size_t t = 1; t < ended.trace.size(); ++t) {
            // What never falls is the objective; the prior of 1e-6 a cell is all that the likelihood may
            // give.
            EXPECT_GE(ended.trace[t], ended.trace[t - 1] - 1e-7) << to_string(acceleration) << ' ' << t;
          }
        }
      }
    }
  }
}

TEST(Acceleration, StopsAtOnceWhereEmHasLittleToDo) {
  const Dataset data = reference::random_dataset({.n_rows = 100, .n_features = 3}, 5);
  const Mixture one({1}, {0.2, 0.9, 0.5});
  const Ended ended = run(data, one, Acceleration::kAuto);
  EXPECT_LE(ended.n_iter, 5U);
}

TEST(Anderson, SolvesALinearIterationInAsManyStepsAsItHasDirections) {
  // θ ← θ* + A (θ − θ*), A diagonal: three directions, so three remembered steps are enough.
  const std::vector<double> fixed_point = {0.3, 0.6, 0.45};
  const std::vector<double> rates = {0.9, 0.99, 0.999};
  const auto image_of = [&](const Mixture& m) {
    std::vector<double> theta;
    for (std::size_t d = 0; d < 3; ++d)
      theta.push_back(fixed_point[d] + rates[d] * (m.probabilities(0)[d] - fixed_point[d]));
    return Mixture({1}, theta);
  };
  Anderson anderson(5);
  Mixture point({1}, {0.35, 0.5, 0.5});
  for (int t = 0; t < 8; ++t) point = anderson.propose(point, image_of(point)).value_or(image_of(point));
  for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(point.probabilities(0)[d], fixed_point[d], 1e-7);
}

TEST(Anderson, KeepsParametersInsideTheirRange) {
  Anderson anderson(2);
  Mixture point({1}, {0.5});
  for (const double image : {0.3, 0.11, 0.02, 0.001}) {
    point = anderson.propose(point, Mixture({1}, {image})).value_or(Mixture({1}, {image}));
    EXPECT_GT(point.probabilities(0)[0], 0);
    EXPECT_LT(point.probabilities(0)[0], 1);
  }
}

TEST(Anderson, NeedsNoMemoryThatAModelOfItsSizeShouldNotTake) {
  EXPECT_EQ(Anderson::memory_for(7849), 10U);
  EXPECT_EQ(Anderson::memory_for(3), 3U);
  EXPECT_EQ(Anderson::memory_for(1), 0U);
  EXPECT_EQ(Anderson::memory_for(1'000'000), 0U);
}

TEST(Cholesky, SolvesAndRefuses) {
  std::vector<double> matrix = {4, 0, 0, 2, 5, 0, 1, 3, 6};
  const std::vector<double> expected = {1, 2, 3};
  std::vector<double> right = {4 * 1 + 2 * 2 + 1 * 3, 2 * 1 + 5 * 2 + 3 * 3, 1 * 1 + 3 * 2 + 6 * 3};
  ASSERT_TRUE(solve_positive_definite(matrix, right));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(right[i], expected[i], 1e-14);
  std::vector<double> indefinite = {1, 0, 2, 1};
  std::vector<double> two = {1, 1};
  EXPECT_FALSE(solve_positive_definite(indefinite, two));
}

// The objective is flat to rounding within 1e-7 of its maximum; its gradient is not.
TEST(EmRun, RefinedParametersAreAZeroOfTheGradient) {
  const Dataset data =
      expected_table({{0.6, 0.4}, {0.9, 0.8, 0.7, 0.85, 0.9, 0.1, 0.2, 0.3, 0.1, 0.2}}, 5'000);
  const Mixture start = reference::random_mixture(2, 5, 3);
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows, Arithmetic::kDouble);
  const auto steepest = [&](const Mixture& at) {
    const Curvature curvature(rows, at, {.strength = 1e-6}, {});
    return std::abs(*std::ranges::max_element(curvature.gradient, {}, [](double g) { return std::abs(g); }));
  };
  for (const Acceleration acceleration : {Acceleration::kAuto, Acceleration::kNewton, Acceleration::kNone}) {
    const auto reducer = make_serial_reducer(layout_for(facts, 2), 64);
    EmRun em(rows, facts, start, {.tol = 1e-7 / facts.total_weight, .acceleration = acceleration});
    em.advance(10'000, *reducer, {});
    const double before = steepest(em.mixture());
    const std::size_t n_iter = em.n_iter();
    em.refine(*reducer);
    EXPECT_GT(before, 1e-5);
    if (acceleration == Acceleration::kNone) {
      EXPECT_EQ(em.n_iter(), n_iter);
      EXPECT_EQ(steepest(em.mixture()), before);
    } else {
      EXPECT_EQ(em.n_iter(), n_iter + 1);
      EXPECT_LT(steepest(em.mixture()), 1e-12 * facts.total_weight);
    }
  }
}

}  // namespace
}  // namespace mixbern
