// Rows that may belong to some classes only, through the engine: against sums from the definition.
#include <gtest/gtest.h>

#include <cmath>

#include "em/em_run.hpp"
#include "every_way.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kComponents = 4;

// By turns any class, one, two, three and all.
void allow(Dataset& data) {
  const std::int64_t labels[] = {-1, 2, data.class_sets.label_of({3, 0}), data.class_sets.label_of({1, 2, 3}),
                                 data.class_sets.label_of({0, 1, 2, 3})};
  for (std::size_t i = 0; i < data.n_rows(); ++i) data.labels.push_back(labels[i * 7 % 5]);
}

Dataset table(double missing) {
  Dataset data = reference::random_categorical({.n_rows = 70, .missing = missing, .weights = true}, 3);
  allow(data);
  return data;
}

Mixture step(const Dataset& data, const Mixture& start, double strength, Arithmetic arithmetic) {
  const RowsOfDataset rows(data, arithmetic, true);
  const RowFacts facts(rows, arithmetic);
  const auto reducer = make_serial_reducer(layout_for(facts, kComponents), 16);
  EmRun em(rows, facts, start, {.max_iter = 2, .tol = 0, .prior = {.strength = strength}});
  em.advance(2, *reducer, {});
  return em.mixture();
}

TEST(ClassSets, PosteriorsAreThoseOfTheAllowedClasses) {
  for (const double missing : {0.0, 0.4, 1.0}) {
    const Dataset data = table(missing);
    const Mixture mixture = reference::random_categorical_mixture(kComponents, 4);
    for_each_posterior(mixture, data, {.semi_supervised = true}, [&](const PosteriorBlock& block) {
      for (std::size_t i = 0; i < block.n_rows; ++i) {
        const auto expected = reference::posterior(mixture, data, i, true);
        EXPECT_NEAR(block.log_likelihoods[i], static_cast<double>(expected.log_likelihood), 1e-12);
        for (std::size_t k = 0; k < kComponents; ++k)
          EXPECT_NEAR(block.responsibilities[i * kComponents + k],
                      static_cast<double>(expected.responsibilities[k]), 1e-12);
      }
    });
    EXPECT_NEAR(log_likelihood(mixture, data, {.semi_supervised = true}),
                static_cast<double>(reference::log_likelihood(mixture, data, true)), 1e-11);
  }
}

TEST(ClassSets, AnEmStepIsThatOfTheDefinition) {
  for (const double missing : {0.0, 0.3}) {
    const Dataset data = table(missing);
    const Mixture start = reference::random_categorical_mixture(kComponents, 5);
    for (const double strength : {0.0, 0.7}) {
      const Mixture expected = reference::em_step(start, data, strength, {}, true);
      const Mixture found = step(data, start, strength, Arithmetic::kDouble);
      EXPECT_LT(reference::largest_difference(found, expected), 1e-12);
    }
    const Mixture expected = reference::em_step(start, data, 0.01, {}, true);
    for_every_way([&](const std::string& names) {
      EXPECT_LT(reference::largest_difference(step(data, start, 0.01, Arithmetic::kFixed), expected), 2e-6)
          << names;
    });
  }
}

TEST(ClassSets, AnImpossibleRowHasThePriorOfItsClasses) {
  Dataset data{.ones = BitMatrix(3, 1, {1, 1, 1})};
  data.labels = {data.class_sets.label_of({0, 1}), data.class_sets.label_of({1, 2}), -1};
  const Mixture mixture({0.3, 0.1, 0.6}, {0, 0, 0});
  for_each_posterior(mixture, data, {.semi_supervised = true}, [&](const PosteriorBlock& block) {
    const auto& found = block.responsibilities;
    EXPECT_EQ(block.log_likelihoods[0], -std::numeric_limits<double>::infinity());
    EXPECT_NEAR(found[0], 0.75, 1e-15);
    EXPECT_NEAR(found[1], 0.25, 1e-15);
    EXPECT_EQ(found[2], 0);
    EXPECT_NEAR(found[4], 1 / 7., 1e-15);
    EXPECT_EQ(found[8], 0.6);
  });
}

TEST(ClassSets, ARowOfAllClassesThatSaysNothingHasThePrior) {
  Dataset data{.ones = BitMatrix(1, 2), .missing = BitMatrix(1, 2, {3})};
  data.labels = {data.class_sets.label_of({0, 1, 2})};
  const Mixture mixture({0.3, 0.1, 0.6}, {.1, .2, .3, .4, .5, .6});
  for_each_posterior(mixture, data, {.semi_supervised = true}, [&](const PosteriorBlock& block) {
    EXPECT_EQ(block.log_likelihoods[0], 0);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(block.responsibilities[k], mixture.weights()[k]);
  });
}

}  // namespace
}  // namespace mixbern
