#include "em/m_step.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "example_sums.hpp"

namespace mixbern {
namespace {

TEST(MStep, MaximisesExactlyWithoutSmoothing) {
  const Mixture previous({1, 1}, {0.5, 0.5, 0.5, 0.5});
  const Mixture found = maximise(example_sums(false), previous, {.strength = 0});
  EXPECT_EQ(found, Mixture({0.6, 0.4}, {0.5, 0, 1, 0.25}));
  EXPECT_EQ(maximise(example_sums(true), previous, {.strength = 0}).probabilities(1)[1], 0.5);
}

TEST(MStep, SmoothingIsAPseudoCountInEveryCellAndWeight) {
  const Mixture previous({1, 1}, {0.5, 0.5, 0.5, 0.5});
  const Mixture found = maximise(example_sums(false), previous, {.strength = 0.5});
  EXPECT_DOUBLE_EQ(found.weights()[0], 6.5 / 11);
  EXPECT_DOUBLE_EQ(found.probabilities(0)[0], 3.5 / 7);
  EXPECT_DOUBLE_EQ(found.probabilities(0)[1], 0.5 / 7);
  EXPECT_DOUBLE_EQ(found.probabilities(1)[0], 4.5 / 5);
}

TEST(MStep, FlooredFeaturesStayOffZeroAndOne) {
  const Mixture previous({1, 1}, {0.5, 0.5, 0.5, 0.5});
  const std::vector<std::size_t> floored = {1};
  const Mixture found = maximise(example_sums(false), previous, {.strength = 1e-9}, floored);
  EXPECT_EQ(found.probabilities(0)[1], kUnseenProbability);
  EXPECT_GT(found.probabilities(1)[0], 1 - 1e-8);  // not floored
}

TEST(MStep, AnEmptiedComponentKeepsItsProbabilities) {
  const Dataset data{.ones = BitMatrix(2, 1, {1, 0})};
  RowBlock rows;
  rows.load(data, 0, 2, false);
  SufficientStats sums(StatsLayout{2, 1, false, 4, 10});
  sums.add_row(rows, 0, 0, 1024);
  sums.add_row(rows, 1, 0, 3072);
  sums.finish();
  const Mixture previous({0.5, 0.5}, {0.9, 0.125});
  EXPECT_EQ(maximise(sums, previous, {.strength = 0}), Mixture({1, 0}, {0.25, 0.125}));
  EXPECT_EQ(sums.empty_components(), (std::vector<std::size_t>{1}));
}

}  // namespace
}  // namespace mixbern
