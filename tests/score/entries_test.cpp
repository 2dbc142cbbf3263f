#include "score/entries.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

namespace mixbern {
namespace {

constexpr std::size_t kComponents = 19, kFeatures = 70;

std::vector<double> random_table() {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> uniform(-6, 6);
  std::vector<double> table(kComponents * kFeatures);
  for (double& entry : table) entry = uniform(engine);
  return table;
}

// What is rounded, what rounding takes off and the middle of each feature make up the table again.
TEST(Entries, PartsMakeUpTheTable) {
  const std::vector<double> table = random_table();
  const std::vector<double> totals(kFeatures, 2.0);
  const double unit = std::ldexp(1.0, -20);
  Entries entries;
  std::vector<double> exact = table;
  entries.centre(exact, totals, Encoding::kColumns);
  double shared = 0;
  std::vector<double> middles;
  for (std::size_t d = 0; d < kFeatures; ++d) {
    middles.push_back(table[d] - exact[d]);
    shared += middles.back() * totals[d];
  }
  EXPECT_NEAR(entries.shared(), shared, 1e-9);
  entries.round(exact, unit, true);
  for (std::size_t k = 0; k < kComponents; ++k) {
    for (std::size_t d = 0; d < kFeatures; ++d) {
      const std::int32_t units = entries.weights(k)[d];
      EXPECT_EQ(entries.tile(k / kernel::kSlots)[d * kernel::kSlots + k % kernel::kSlots], units);
      EXPECT_LE(std::abs(exact[k * kFeatures + d]), unit / 2);
      EXPECT_NEAR(units * unit + exact[k * kFeatures + d] + middles[d], table[k * kFeatures + d], 1e-12);
    }
  }
}

TEST(Entries, MiddlesLeaveTheSmallestExtremes) {
  std::vector<double> exact = random_table();
  Entries entries;
  entries.centre(exact, std::vector<double>(kFeatures, 0.0), Encoding::kColumns);
  double largest = 0;
  for (std::size_t d = 0; d < kFeatures; ++d) {
    double low = exact[d], high = exact[d];
    for (std::size_t k = 1; k < kComponents; ++k) {
      low = std::min(low, exact[k * kFeatures + d]);
      high = std::max(high, exact[k * kFeatures + d]);
    }
    EXPECT_NEAR(low, -high, 1e-12);
    largest = std::max(largest, high);
  }
  EXPECT_NEAR(entries.largest(), largest, 1e-12);
}

// Of columns and of groups of four: no entry of a code is farther from zero than its spread.
TEST(Entries, SpreadsBoundTheEntriesOfACode) {
  for (const Encoding encoding : {Encoding::kColumns, Encoding::kGroups}) {
    std::vector<double> exact = random_table();
    Entries entries;
    const double unit = std::ldexp(1.0, -20);
    entries.centre(exact, std::vector<double>(kFeatures, 0.0), encoding);
    entries.round(exact, unit, false);
    ASSERT_TRUE(entries.find_spreads(unit));
    for (std::size_t code = 0; code < entries.n_codes(); ++code) {
      if (encoding == Encoding::kGroups && code / 16 * 4 + 4 > kFeatures) continue;  // past the last feature
      for (std::size_t k = 0; k < kComponents; ++k) {
        const std::int32_t entry =
            entries.tile(k / kernel::kSlots)[code * kernel::kSlots + k % kernel::kSlots];
        EXPECT_LE(std::abs(entry), entries.spreads()[code]);
      }
    }
  }
}

TEST(Entries, SpreadsThatNeedMoreThan32BitsAreRefused) {
  std::vector<double> exact = {-4, 4};
  Entries entries;
  entries.centre(exact, {0.0}, Encoding::kColumns);
  entries.round(exact, std::ldexp(1.0, -28), false);
  EXPECT_TRUE(entries.find_spreads(std::ldexp(1.0, -27)));
  EXPECT_FALSE(entries.find_spreads(std::ldexp(1.0, -29)));
}

}  // namespace
}  // namespace mixbern
