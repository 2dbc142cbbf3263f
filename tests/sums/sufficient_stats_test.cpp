#include "sums/sufficient_stats.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "example_sums.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

TEST(FractionBits, KeepsProductsAndSumsInRange) {
  for (const double largest : {1e-9, 1.0, 7.0, 1e6}) {
    for (const double rows : {1.0, 118.0, 1e9}) {
      const int bits = fraction_bits_for(largest, largest * rows);
      EXPECT_LT(std::ldexp(largest, bits), 0x1p51);
      EXPECT_LT(std::ldexp(largest * rows, bits), 0x1p62);
    }
  }
  EXPECT_GE(fraction_bits_for(1, 20000), 46);
}

TEST(SufficientStats, MergingAdds) {
  SufficientStats sums = example_sums(true);
  sums.merge(example_sums(true));
  EXPECT_EQ(sums.count(0), 12);
  EXPECT_EQ(sums.ones(1, 1), 2);
  EXPECT_EQ(sums.missing(1, 1), 4);
  EXPECT_EQ(sums.observed(1, 1), 4);
  sums.clear();
  EXPECT_EQ(sums.count(0), 0);
}

// Each row has 7 of component 2, 3 of component 0, and 5 of component i % 3.
constexpr std::size_t kComponents = 3;
std::vector<std::int64_t> amounts_of(std::size_t i) {
  std::vector<std::int64_t> amounts{3, 0, 7};
  amounts[i % kComponents] += 5;
  return amounts;
}

void expect_same(const SufficientStats& found, const SufficientStats& expected) {
  for (std::size_t k = 0; k < kComponents; ++k) {
    EXPECT_EQ(found.count(k), expected.count(k));
    for (std::size_t d = 0; d < found.layout().n_features; ++d) {
      ASSERT_EQ(found.ones(k, d), expected.ones(k, d)) << k << ' ' << d;
      ASSERT_EQ(found.missing(k, d), expected.missing(k, d)) << k << ' ' << d;
    }
  }
}

// However rows of either kind are added, the sums are the same.
TEST(SufficientStats, RowsOneByOneCrowdedAndAllAtOnceGiveTheSame) {
  for (const bool sparse : {false, true}) {
    Dataset data = reference::random_dataset({.n_rows = 40, .n_features = 70, .missing = 0.2}, 3);
    if (sparse) data.ones = to_sparse(data.ones);
    const StatsLayout layout{kComponents, 70, true, 40, 0};
    SufficientStats one_by_one(layout), crowded(layout), at_once(layout);
    RowBlock rows;
    rows.load(data, 10, 40, false);
    rows.spell();
    const std::size_t stride = layout.stride();
    std::vector<std::int64_t> all(30 * stride), counts(stride);
    for (std::uint32_t i = 0; i < 30; ++i) {
      const std::vector<std::int64_t> amounts = amounts_of(i);
      const std::vector<std::uint32_t> components{0, 1, 2};
      one_by_one.add_row(rows, i, {components, amounts});
      crowded.crowd(i, {components, amounts});
      if (i == 7) crowded.add_crowded(rows);
      for (std::size_t k = 0; k < kComponents; ++k) {
        all[i * stride + k] = amounts[k];
        counts[k] += amounts[k];
      }
    }
    crowded.add_crowded(rows);
    at_once.add_all(rows, 0, 30, all, counts);
    for (SufficientStats* sums : {&one_by_one, &crowded, &at_once}) sums->finish();
    expect_same(crowded, one_by_one);
    expect_same(at_once, one_by_one);
    EXPECT_EQ(one_by_one.count(0), 30 * 3 + 10 * 5);
  }
}

TEST(SufficientStats, SoleRowsCountOneEach) {
  for (const bool sparse : {false, true}) {
    Dataset data = reference::random_dataset({.n_rows = 40, .n_features = 70, .missing = 0.2}, 3);
    if (sparse) data.ones = to_sparse(data.ones);
    const StatsLayout layout{kComponents, 70, true, 40, 10};
    SufficientStats sole(layout), one_by_one(layout);
    RowBlock rows;
    rows.load(data, 0, 40, false);
    std::vector<std::uint32_t> components;
    for (std::uint32_t i = 0; i < 40; ++i) {
      components.push_back(i % 4 == 3 ? kernel::kNone : i % 4);
      if (i % 4 != 3) one_by_one.add_row(rows, i, i % 4, 1 << 10);
    }
    sole.add_sole(rows, components);
    sole.finish();
    one_by_one.finish();
    expect_same(sole, one_by_one);
    EXPECT_EQ(sole.sole_ones().n_rows(1), 10);
    EXPECT_EQ(sole.sole_ones().ones(1)[5], static_cast<std::int64_t>(sole.ones(1, 5)));
    EXPECT_EQ(sole.sole_missing().ones(1)[5], static_cast<std::int64_t>(sole.missing(1, 5)));
  }
}

}  // namespace
}  // namespace mixbern
