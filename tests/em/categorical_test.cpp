// Items of several answers through the engine: against sums from the definition, over all ways.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "em/curvature.hpp"
#include "em/em_run.hpp"
#include "em/newton.hpp"
#include "every_way.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

Dataset table(double missing, unsigned seed) {
  return reference::random_categorical({.n_rows = 70, .missing = missing, .weights = true}, seed);
}

TEST(Categorical, PosteriorsAndLikelihoodAreThoseOfTheDefinition) {
  for (const double missing : {0.0, 0.3}) {
    const Dataset data = table(missing, 1);
    const Mixture mixture = reference::random_categorical_mixture(3, 2);
    for_each_posterior(mixture, data, {}, [&](const PosteriorBlock& block) {
      for (std::size_t i = 0; i < block.n_rows; ++i) {
        const auto expected = reference::posterior(mixture, data, block.first_row + i);
        EXPECT_NEAR(block.log_likelihoods[i], static_cast<double>(expected.log_likelihood), 1e-12);
        for (std::size_t k = 0; k < 3; ++k)
          EXPECT_NEAR(block.responsibilities[3 * i + k], static_cast<double>(expected.responsibilities[k]),
                      1e-12);
      }
    });
    const auto expected = static_cast<double>(reference::log_likelihood(mixture, data));
    EXPECT_NEAR(log_likelihood(mixture, data), expected, 1e-12 * std::abs(expected));
  }
}

TEST(Categorical, AProbabilityOfOneRulesOutTheOtherAnswersAlone) {
  const Items items(4, std::vector<Items::Group>{{0, 3}});
  const Mixture mixture({0.5, 0.5}, {1, 0, 0, 0.5, 0.2, 0.3, 0.5, 0.5}, items);
  const Dataset data{.ones = BitMatrix(3, 4, {0b0001, 0b0010, 0b1100}),
                     .categorical = {{"a", 0, {"x", "y", "z"}}}};
  for_each_posterior(mixture, data, {}, [&](const PosteriorBlock& block) {
    EXPECT_NEAR(block.responsibilities[0], 1 / 1.2, 1e-15);
    EXPECT_EQ(block.responsibilities[2], 0);
    EXPECT_EQ(block.responsibilities[4], 0);
    EXPECT_NEAR(block.log_likelihoods[1], std::log(0.5 * 0.3 * 0.5), 1e-14);
  });
}

Mixture after_steps(std::size_t n_steps, const Dataset& data, const Mixture& start, const Prior& prior,
                    Arithmetic arithmetic) {
  const RowsOfDataset rows(data, arithmetic);
  const RowFacts facts(rows, arithmetic);
  const auto reducer = make_serial_reducer(layout_for(facts, start.n_components()), 16);
  EmRun em(rows, facts, start,
           {.max_iter = n_steps + 1, .tol = 0, .prior = prior, .acceleration = Acceleration::kNone});
  em.advance(n_steps + 1, *reducer, {});
  return em.mixture();
}

TEST(Categorical, AnEmStepIsThatOfTheDefinition) {
  for (const double missing : {0.0, 0.3}) {
    const Dataset data = table(missing, 3);
    const Mixture start = reference::random_categorical_mixture(3, 4);
    for (const double strength : {0.0, 0.7}) {
      const Mixture found = after_steps(1, data, start, {.strength = strength}, Arithmetic::kDouble);
      const Mixture expected = reference::em_step(start, data, strength);
      EXPECT_LT(reference::largest_difference(found, expected), 1e-12);
      EXPECT_EQ(found.items(), start.items());
    }
  }
}

TEST(Categorical, EveryWayGivesTheSameStep) {
  for (const double missing : {0.0, 0.3}) {
    const Dataset data = table(missing, 5);
    const Mixture start = reference::random_categorical_mixture(20, 6);
    const Mixture expected = reference::em_step(start, data, 0.01);
    for_every_way([&](const std::string& names) {
      const Mixture found = after_steps(1, data, start, {.strength = 0.01}, Arithmetic::kFixed);
      EXPECT_LT(reference::largest_difference(found, expected), 2e-6) << names;
    });
  }
}

TEST(Categorical, NewtonStepsRiseAndKeepItemsWhole) {
  const Mixture truth = reference::random_categorical_mixture(2, 5);
  Dataset data = sample(truth, 1000, 7);
  data.labels.clear();
  const Mixture start = after_steps(1, data, truth, {.strength = 0.1}, Arithmetic::kDouble);
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  const auto reducer = make_serial_reducer(layout_for(facts, 2), 16);
  double ends[2];
  for (const Acceleration how : {Acceleration::kNone, Acceleration::kNewton}) {
    EmRun em(rows, facts, start,
             {.max_iter = 20000, .tol = 1e-13, .prior = {.strength = 0.1}, .acceleration = how});
    em.advance(20000, *reducer, {});
    ends[how == Acceleration::kNewton] = em.objective();
    if (how == Acceleration::kNewton) {
      EXPECT_LT(em.n_iter(), 200U);
    }
  }
  EXPECT_NEAR(ends[1], ends[0], 1e-6);
}

}  // namespace
}  // namespace mixbern
