#include "em/stop_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace mixbern {
namespace {

bool stops(StopRule& rule, double objective) {
  rule.add(objective);
  return rule.decide();
}

// Adds optimum − rate^t until the rule says stop; what was still to come then.
double left_over(double rate, double tolerance, int most = 1'000'000) {
  StopRule rule(tolerance);
  for (int t = 0; t < most; ++t) {
    if (stops(rule, -5 - std::pow(rate, t))) return std::pow(rate, t);
  }
  return 1;
}

TEST(StopRule, StopsWhereTheGainToComeIsSmallHoweverSlowTheSteps) {
  for (const double rate : {0.1, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
    EXPECT_LT(left_over(rate, 1e-6), 1.1e-6) << rate;
    EXPECT_GT(left_over(rate, 1e-6), 1e-9) << rate;  // and not much later
  }
}

TEST(StopRule, GoesOnThroughAPlateauThatSpeedsUp) {
  StopRule rule(1e-6);
  double objective = -200;
  double gain = 1e-3;
  for (int t = 0; t < 40; ++t) EXPECT_FALSE(stops(rule, objective += gain *= 0.93)) << t;
  for (int t = 0; t < 100; ++t) EXPECT_FALSE(stops(rule, objective += gain *= 1.05)) << t;
}

TEST(StopRule, StopsAtAFixedPoint) {
  StopRule rule(1e-300);
  EXPECT_FALSE(stops(rule, -3));
  EXPECT_FALSE(stops(rule, -2));
  EXPECT_FALSE(stops(rule, -2));
  EXPECT_TRUE(stops(rule, -2));
}

TEST(StopRule, NeverStopsAtAToleranceOfNothing) {
  StopRule rule(0);
  for (int t = 0; t < 20; ++t) EXPECT_FALSE(stops(rule, -2)) << t;
}

TEST(StopRule, KnowsNothingAtFirstAndFromMinusInfinity) {
  StopRule rule(1e-6);
  EXPECT_TRUE(std::isnan(rule.change()));
  EXPECT_FALSE(stops(rule, -HUGE_VAL));
  EXPECT_FALSE(stops(rule, -HUGE_VAL));
  EXPECT_FALSE(stops(rule, -10));
  EXPECT_FALSE(stops(rule, -9));
  EXPECT_EQ(rule.change(), 1);
}

}  // namespace
}  // namespace mixbern
