#include "sums/cell_sums.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mixbern {
namespace {

// Rows with amounts, of every kind that is added up in its own way: some at once, some when all are there.
void expect_sums(const Rows& rows, std::size_t n_components, std::int64_t largest) {
  const std::size_t n_features = mixbern::n_features(rows);
  const std::size_t n_rows = mixbern::n_rows(rows);
  RowBuffer none;
  const RowsView view(rows, 0, n_rows, none);
  CellSums sums(n_components, n_features, Encoding::kColumns, 0);
  std::mt19937_64 engine(n_features);
  for (const int round : {1, 2}) {
    std::vector<std::int64_t> expected(n_components * n_features);
    for (int j = 0; j < 10'000; ++j) {
      const std::size_t i = engine() % n_rows;
      const std::uint32_t components[] = {static_cast<std::uint32_t>(engine() % n_components), 0};
      const std::int64_t amounts[] = {
          static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(largest)), j % 2};
      sums.add(view, i, {components, amounts});
      view.for_each_one(i, [&](std::size_t d) {
        for (const int e : {0, 1}) expected[components[e] * n_features + d] += amounts[e];
      });
    }
    sums.finish();
    for (std::size_t k = 0; k < n_components; ++k) {
      for (std::size_t d = 0; d < n_features; ++d) {
        ASSERT_EQ(sums[k][d], expected[k * n_features + d]) << round << ' ' << k << ' ' << d;
      }
    }
    sums.clear();
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

TEST(CellSums, RowsWithAmountsAreAddedUpExactly) {
  for (const std::int64_t largest : {std::int64_t{1} << 24, std::int64_t{1} << 31, std::int64_t{1} << 36}) {
    expect_sums(random_bits(50, 5, 2), 3, largest);
    expect_sums(random_bits(50, 130, 3), 7, largest);
    expect_sums(random_bits(20, 3000, 3), 2, largest);     // many words, dense
    expect_sums(random_bits(20, 3000, 1000), 2, largest);  // many words, nearly empty
    expect_sums(to_sparse(random_bits(50, 130, 10)), 7, largest);
  }
}

TEST(CellSums, PartsAreMerged) {
  const Rows rows = random_bits(50, 130, 3);
  RowBuffer none;
  const RowsView view(rows, 0, 50, none);
  CellSums all(2, 130, Encoding::kColumns, 4), first(all), second(all);
  std::vector<std::uint32_t> sole(50, 1);
  const std::uint32_t component = 0;
  const std::int64_t amount = 9;
  for (CellSums* part : {&first, &second, &all, &all}) {
    part->add(view, 3, {{&component, 1}, {&amount, 1}});
    part->add_sole(view, sole);
  }
  for (CellSums* part : {&first, &second, &all}) part->finish();
  first.merge(second);
  for (std::size_t d = 0; d < 130; ++d) {
    EXPECT_EQ(first[0][d], all[0][d]);
    EXPECT_EQ(first[1][d], all[1][d]);
  }
}

}  // namespace
}  // namespace mixbern
