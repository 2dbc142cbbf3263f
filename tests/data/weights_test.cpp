#include "mixbern/dataset/weights.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mixbern {
namespace {

Dataset weighted(std::vector<double> weights) {
  const std::size_t n_rows = weights.size();
  return {.ones = BitMatrix(n_rows, 2), .weights = std::move(weights)};
}

TEST(WeightsKind, HasNames) {
  for (const WeightsKind kind : {WeightsKind::kFrequency, WeightsKind::kSampling})
    EXPECT_EQ(weights_kind_from_string(to_string(kind)), kind);
  EXPECT_FALSE(weights_kind_from_string("auto"));
}

TEST(WeightsKind, IsFrequencyForWholeNumbersOnly) {
  EXPECT_EQ(weights_kind_of({.ones = BitMatrix(3, 2)}), WeightsKind::kFrequency);
  EXPECT_EQ(weights_kind_of(weighted({0, 3, 1e6})), WeightsKind::kFrequency);
  EXPECT_EQ(weights_kind_of(weighted({1, 1, 1.5})), WeightsKind::kSampling);
}

TEST(SettleWeights, LeavesFrequenciesAlone) {
  for (const auto asked : {std::optional<WeightsKind>(), std::optional(WeightsKind::kFrequency)}) {
    Dataset data = weighted({2, 5});
    EXPECT_EQ(settle_weights(data, asked), WeightsKind::kFrequency);
    EXPECT_EQ(data.weights, (std::vector<double>{2, 5}));
  }
  Dataset data = weighted({.5, 1.5});
  EXPECT_EQ(settle_weights(data, WeightsKind::kFrequency), WeightsKind::kFrequency);
  EXPECT_EQ(data.weights, (std::vector<double>{.5, 1.5}));
}

// A row without an answer, or without a weight, is nobody.
TEST(SettleWeights, ScalesThoseOfASampleToTheNumberOfItsRows) {
  Dataset data = weighted({.5, 1.5, 0, 4});
  BitMatrix missing(4, 2);
  missing.set(3, 0);
  missing.set(3, 1);
  data.missing = missing;
  EXPECT_EQ(settle_weights(data), WeightsKind::kSampling);
  EXPECT_EQ(data.weights, (std::vector<double>{.5, 1.5, 0, 4}));
  data.missing.reset();
  EXPECT_EQ(settle_weights(data), WeightsKind::kSampling);
  EXPECT_EQ(data.weights, (std::vector<double>{.25, .75, 0, 2}));
  Dataset whole = weighted({1, 3});
  EXPECT_EQ(settle_weights(whole, WeightsKind::kSampling), WeightsKind::kSampling);
  EXPECT_EQ(whole.weights, (std::vector<double>{.5, 1.5}));
}

TEST(SettleWeights, NeedsWeightsWhereASampleIsAskedFor) {
  Dataset data{.ones = BitMatrix(1, 2)};
  EXPECT_THROW(settle_weights(data, WeightsKind::kSampling), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
