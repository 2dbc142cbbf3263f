#include "select/search_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace mixbern {
namespace {

constexpr double kNever = std::numeric_limits<double>::quiet_NaN();

TEST(UnseenShare, CountsTheStartsSinceTheBestOptimumWasFirstMet) {
  // Ten starts after the first at the best; 5e-5 nats are no other optimum, starts that never ran count not.
  std::vector<double> values(13, -101.0);
  values[2] = -100.00005;
  values[7] = -100;
  values.insert(values.begin() + 5, kNever);
  EXPECT_NEAR(unseen_share(values), 1 - std::pow(0.05, 0.1), 1e-12);
}

TEST(UnseenShare, SaysNothingBeforeAnotherStart) {
  EXPECT_EQ(unseen_share({}), 1);
  EXPECT_EQ(unseen_share(std::vector<double>{kNever, -3}), 1);
  EXPECT_EQ(unseen_share(std::vector<double>{-4, -3}), 1);
}

}  // namespace
}  // namespace mixbern
