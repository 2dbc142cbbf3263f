#include "mixbern/mixture/mixture.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace mixbern {
namespace {

TEST(Mixture, NormalisesWeightsAndCountsParameters) {
  const Mixture mixture({1, 3}, {0, 0.5, 1, 0.1, 0.2, 0.3});
  EXPECT_EQ(mixture.n_components(), 2U);
  EXPECT_EQ(mixture.n_features(), 3U);
  EXPECT_EQ(mixture.weights()[1], 0.75);
  EXPECT_EQ(mixture.probabilities(1)[2], 0.3);
  EXPECT_EQ(mixture.n_parameters(), 7U);
}

TEST(Mixture, KeepsTheBitsOfWeightsThatSumToOne) {
  const Mixture once({0.1, 0.2, 0.3, 0.15}, {0.5, 0.5, 0.5, 0.5});
  const Mixture twice({once.weights().begin(), once.weights().end()}, {0.5, 0.5, 0.5, 0.5});
  EXPECT_EQ(once, twice);
}

TEST(Mixture, RefusesNonsense) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(Mixture({}, {}), std::invalid_argument);
  EXPECT_THROW(Mixture({1}, {}), std::invalid_argument);
  EXPECT_THROW(Mixture({1, 1}, {0.5, 0.5, 0.5}), std::invalid_argument);
  EXPECT_THROW(Mixture({1, -1}, {0.5, 0.5}), std::invalid_argument);
  EXPECT_THROW(Mixture({0, 0}, {0.5, 0.5}), std::invalid_argument);
  EXPECT_THROW(Mixture({1, nan}, {0.5, 0.5}), std::invalid_argument);
  EXPECT_THROW(Mixture({1}, {1.5}), std::invalid_argument);
  EXPECT_THROW(Mixture({1}, {nan}), std::invalid_argument);
}

TEST(Mixture, OrdersAndPermutes) {
  const Mixture mixture({0.2, 0.5, 0.3}, {0.1, 0.2, 0.3});
  const auto order = order_by_weight(mixture);
  EXPECT_EQ(order, (std::vector<std::size_t>{1, 2, 0}));
  const Mixture sorted = permuted(mixture, order);
  EXPECT_EQ(sorted.weights()[0], 0.5);
  EXPECT_EQ(sorted.probabilities(2)[0], 0.1);
  const std::vector<std::size_t> bad = {0, 0, 1};
  EXPECT_THROW(permuted(mixture, bad), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
