#include "base/fixed_sum.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace mixbern {
namespace {

TEST(FixedSum, DoesNotDependOnTheOrder) {
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> uniform(-300, 0);
  std::vector<double> terms(1000);
  for (double& term : terms) term = uniform(engine);
  FixedSum forward(1000), backward(1000), part(1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    forward.add(1, terms[i]);
    (i % 3 == 0 ? part : backward).add(1, terms[999 - i]);
  }
  backward.merge(part);
  EXPECT_EQ(forward.value(), backward.value());
  long double exact = 0;
  for (const double term : terms) exact += term;
  EXPECT_NEAR(forward.value(), static_cast<double>(exact), 1e-10);
}

TEST(FixedSum, AWholeWeightIsAsManyRows) {
  FixedSum rows(1000), weighted(1000);
  for (const double x : {-2.4890253286304283, -1e-9, -311.7}) {
    for (int i = 0; i < 7; ++i) rows.add(1, x);
    weighted.add(7, x);
  }
  weighted.add(0, -5);
  EXPECT_EQ(rows.value(), weighted.value());
}

TEST(FixedSum, KeepsMinusInfinity) {
  FixedSum sum(10), other(10);
  sum.add(1, -1);
  other.add(1, -std::numeric_limits<double>::infinity());
  sum.merge(other);
  EXPECT_EQ(sum.value(), -std::numeric_limits<double>::infinity());
  sum.clear();
  EXPECT_EQ(sum.value(), 0);
}

TEST(FixedSum, HoldsTinyAndHugeWeights) {
  for (const double total : {1e-20, 1.0, 1e15}) {
    FixedSum sum(total);
    sum.add(total, -1000.25);
    EXPECT_DOUBLE_EQ(sum.value(), total * -1000.25);
  }
}

TEST(FixedSum, UnitsBelowItsResolutionAreLeftOut) {
  FixedSum sum(0x1p60);
  sum.add_units(3, -40);
  EXPECT_EQ(sum.value(), 0);
  sum.add_units(FixedSum::Int128{5} << 40, -40);
  EXPECT_EQ(sum.value(), 5);
  FixedSum coarse(0x1p900);
  coarse.add_units(1, -46);
  EXPECT_EQ(coarse.value(), 0);
}

}  // namespace
}  // namespace mixbern
