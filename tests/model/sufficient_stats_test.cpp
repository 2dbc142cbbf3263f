#include "model/sufficient_stats.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "data/for_each_one.hpp"

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

SufficientStats example(bool has_missing) {
  const StatsLayout layout{2, 2, has_missing, 10, 10};
  SufficientStats stats(layout);
  const std::int64_t unit = 1 << 10;
  stats.counts()[0] = 6 * unit;
  stats.counts()[1] = 4 * unit;
  stats.ones()[0] = 3 * unit;  // feature 0, component 0
  stats.ones()[1] = 4 * unit;
  stats.ones()[4] = 0;
  stats.ones()[5] = unit;
  if (has_missing) stats.missing()[5] = 2 * unit;
  stats.finish();
  return stats;
}

TEST(SufficientStats, MaximisesExactlyWithoutSmoothing) {
  const Mixture previous({1, 1}, {0.5, 0.5, 0.5, 0.5});
  const Mixture found = example(false).maximise(previous, {.strength = 0});
  EXPECT_EQ(found, Mixture({0.6, 0.4}, {0.5, 0, 1, 0.25}));
  EXPECT_EQ(example(true).maximise(previous, {.strength = 0}).probabilities(1)[1], 0.5);
}

TEST(SufficientStats, SmoothingIsAPseudoCountInEveryCellAndWeight) {
  const Mixture previous({1, 1}, {0.5, 0.5, 0.5, 0.5});
  const Mixture found = example(false).maximise(previous, {.strength = 0.5});
  EXPECT_DOUBLE_EQ(found.weights()[0], 6.5 / 11);
  EXPECT_DOUBLE_EQ(found.probabilities(0)[0], 3.5 / 7);
  EXPECT_DOUBLE_EQ(found.probabilities(0)[1], 0.5 / 7);
  EXPECT_DOUBLE_EQ(found.probabilities(1)[0], 4.5 / 5);
}

TEST(SufficientStats, FlooredFeaturesStayOffZeroAndOne) {
  const Mixture previous({1, 1}, {0.5, 0.5, 0.5, 0.5});
  const std::vector<std::size_t> floored = {1};
  const Mixture found = example(false).maximise(previous, {.strength = 1e-9}, floored);
  EXPECT_EQ(found.probabilities(0)[1], kUnseenProbability);
  EXPECT_GT(found.probabilities(1)[0], 1 - 1e-8);  // not floored
}

TEST(SufficientStats, AnEmptiedComponentKeepsItsProbabilities) {
  SufficientStats stats(StatsLayout{2, 1, false, 4, 10});
  stats.counts()[0] = 4096;
  stats.ones()[0] = 1024;
  stats.finish();
  const Mixture previous({0.5, 0.5}, {0.9, 0.125});
  const Mixture found = stats.maximise(previous, {.strength = 0});
  EXPECT_EQ(found, Mixture({1, 0}, {0.25, 0.125}));
  EXPECT_EQ(stats.empty_components(), (std::vector<std::size_t>{1}));
}

TEST(SufficientStats, SumsOverGroupsBecomeSumsOverColumns) {
  SufficientStats stats(StatsLayout{3, 6, false, 4, 0, {Encoding::kGroups, Encoding::kColumns}});
  // Patterns 0b0101 and 0b1100 of features 0 … 3, 0b10 of features 4 and 5.
  stats.ones()[5 * 4 + 0] = 7;
  stats.ones()[12 * 4 + 0] = 100;
  stats.ones()[12 * 4 + 2] = 3;
  stats.ones()[(16 + 2) * 4 + 1] = 9;
  stats.finish();
  std::vector<double> found;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t d = 0; d < 6; ++d) found.push_back(stats.ones(k, d));
  }
  EXPECT_EQ(found, (std::vector<double>{7, 0, 107, 100, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 3, 3, 0, 0}));
}

// Adds 1,000 rows of ones 0, 2 and 65 to component 1 and 3 to component 0, in two parts.
void expect_counts(const std::function<void(SufficientStats&, std::size_t)>& add) {
  const StatsLayout layout{2, 70, false, 4000, 10};
  SufficientStats stats(layout), other(layout);
  for (int i = 0; i < 700; ++i) add(stats, 1);
  for (int i = 0; i < 300; ++i) add(other, 1);
  for (int i = 0; i < 3; ++i) add(other, 0);
  stats.finish();
  other.finish();
  stats.merge(other);
  for (std::size_t d = 0; d < 70; ++d) {
    const bool one = d == 0 || d == 2 || d == 65;
    EXPECT_EQ(stats.ones(1, d), one ? 1000 : 0);
    EXPECT_EQ(stats.ones(0, d), one ? 3 : 0);
    EXPECT_EQ(stats.whole_rows().ones(1)[d], one ? 1000 : 0);
  }
  EXPECT_EQ(stats.whole_rows().n_rows(1), 1000);
  EXPECT_EQ(stats.whole_rows().n_rows(0), 3);
  stats.clear();
  stats.finish();
  EXPECT_EQ(stats.ones(1, 0), 0);
}

TEST(SufficientStats, WholeRowsAreCountedPastAByteAndMerged) {
  const std::vector<std::uint64_t> words = {0b11, 0b11, 0b101, 0b10};
  const std::vector<std::uint32_t> rows = {1};
  expect_counts([&](SufficientStats& stats, std::size_t k) { stats.add_whole_rows(k, words, rows); });
}

TEST(SufficientStats, ManyWholeRowsAtATimeAreCountedPastAByte) {
  SufficientStats stats(StatsLayout{2, 70, false, 1e6, 0});
  const std::vector<std::uint64_t> words = {0b101, 0b10, 0b1, 0b1};
  stats.add_whole_rows(1, words, std::vector<std::uint32_t>(200, 0));
  stats.add_whole_rows(1, words, std::vector<std::uint32_t>(600, 1));
  stats.add_whole_rows(0, words, {});
  stats.finish();
  for (std::size_t d = 0; d < 70; ++d) {
    const double of_first = d == 0 || d == 2 || d == 65 ? 200 : 0;
    const double of_second = d == 0 || d == 64 ? 600 : 0;
    EXPECT_EQ(stats.ones(1, d), of_first + of_second) << d;
    EXPECT_EQ(stats.ones(0, d), 0) << d;
  }
}

TEST(SufficientStats, WholeRowsAreCountedByTheirOnesToo) {
  const std::vector<std::uint32_t> columns = {0, 2, 65};
  expect_counts([&](SufficientStats& stats, std::size_t k) { stats.add_whole_row(k, columns); });
}

// Rows with amounts, of every kind that is added up in its own way: some at once, some when all are there.
void expect_sums(const Rows& rows, std::size_t n_components, std::int64_t largest) {
  const std::size_t n_features = mixbern::n_features(rows);
  const std::size_t n_rows = mixbern::n_rows(rows);
  SufficientStats stats(StatsLayout{n_components, n_features, true, 1e6, 0});
  std::mt19937_64 engine(n_features);
  for (const int round : {1, 2}) {
    std::vector<double> ones(n_components * n_features), missing(ones.size());
    for (int j = 0; j < 10'000; ++j) {
      const std::size_t i = engine() % n_rows;
      const std::size_t k = engine() % n_components;
      const auto amount = static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(largest));
      stats.add_ones(rows, i, k, amount);
      if (j % 3 == 0) stats.add_missing(rows, i, k, amount);
      for_each_one(rows, i, [&](std::size_t d) {
        ones[k * n_features + d] += static_cast<double>(amount);
        if (j % 3 == 0) missing[k * n_features + d] += static_cast<double>(amount);
      });
    }
    stats.finish();
    for (std::size_t k = 0; k < n_components; ++k) {
      for (std::size_t d = 0; d < n_features; ++d) {
        ASSERT_EQ(stats.ones(k, d), ones[k * n_features + d]) << round << ' ' << k << ' ' << d;
        ASSERT_EQ(stats.missing(k, d), missing[k * n_features + d]) << round << ' ' << k << ' ' << d;
      }
    }
    stats.clear();
  }
}

BitMatrix random_bits(std::size_t n_rows, std::size_t n_features, unsigned one_in) {
  BitMatrix bits(n_rows, n_features);
  std::mt19937_64 engine(5);
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t d = 0; d < n_features; ++d) {
      if (engine() % one_in == 0) bits.set(i, d);
    }
  }
  return bits;
}

TEST(SufficientStats, RowsWithAmountsAreAddedUpExactly) {
  for (const std::int64_t largest : {std::int64_t{1} << 24, std::int64_t{1} << 31, std::int64_t{1} << 36}) {
    expect_sums(random_bits(50, 5, 2), 3, largest);
    expect_sums(random_bits(50, 130, 3), 7, largest);
    expect_sums(random_bits(20, 3000, 3), 2, largest);     // many words, dense
    expect_sums(random_bits(20, 3000, 1000), 2, largest);  // many words, nearly empty
    expect_sums(to_sparse(random_bits(50, 130, 10)), 7, largest);
  }
}

TEST(SufficientStats, MergingAdds) {
  SufficientStats sum = example(true);
  sum.merge(example(true));
  EXPECT_EQ(sum.count(0), 12);
  EXPECT_EQ(sum.ones(1, 1), 2);
  EXPECT_EQ(sum.observed(1, 1), 4);
  sum.clear();
  EXPECT_EQ(sum.count(0), 0);
}

}  // namespace
}  // namespace mixbern
