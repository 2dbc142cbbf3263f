#include "sums/shared_rows.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mixbern {
namespace {

TEST(SharedRows, RowsNeedNotStayAndAreAddedUpPastThirtyTwoBits) {
  constexpr std::size_t kFeatures = 70;
  SharedRows rows(2);
  std::vector<std::int64_t> sums(2 * kFeatures + 64), expected(sums.size());
  for (int i = 0; i < 300; ++i) {
    const std::vector<std::uint64_t> words{std::uint64_t{1} << (i % 64), 0b10};
    rows.add_row(words);
    rows.add_share(1, SharedRows::kMostAmount);
    rows.add_share(0, i);
    for (const std::size_t d : {static_cast<std::size_t>(i % 64), std::size_t{65}}) {
      expected[kFeatures + d] += SharedRows::kMostAmount;
      expected[d] += i;
    }
    EXPECT_FALSE(rows.is_full());
  }
  rows.flush(kFeatures, sums.data());
  EXPECT_EQ(sums, expected);
  rows.flush(kFeatures, sums.data());
  EXPECT_EQ(sums, expected);
}

TEST(SharedRows, FillUp) {
  SharedRows rows(1);
  std::size_t n = 0;
  for (; !rows.is_full(); ++n) {
    rows.add_row(std::vector<std::uint64_t>{1});
    rows.add_share(0, 1);
  }
  EXPECT_EQ(n, 4096U);
  std::vector<std::int64_t> sums(64 + 64);
  rows.flush(64, sums.data());
  EXPECT_EQ(sums[0], 4096);
  EXPECT_FALSE(rows.is_full());
}

}  // namespace
}  // namespace mixbern
