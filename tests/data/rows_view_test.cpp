#include "data/rows_view.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "reference.hpp"

namespace mixbern {
namespace {

std::vector<std::size_t> ones_of(const RowsView& view, std::size_t i) {
  std::vector<std::size_t> ones;
  view.for_each_one(i, [&](std::size_t d) { ones.push_back(d); });
  return ones;
}

// Packed and sparse rows look alike from here, whole or in part.
TEST(RowsView, ShowsTheSameRowsOfEitherKind) {
  const BitMatrix packed =
      std::get<BitMatrix>(reference::random_dataset({.n_rows = 20, .n_features = 130}, 3).ones);
  const Rows kinds[2] = {packed, to_sparse(packed)};
  for (const Rows& rows : kinds) {
    for (const std::size_t begin : {0U, 7U}) {
      RowBuffer buffer;
      const RowsView view(rows, begin, 20, buffer);
      EXPECT_EQ(view.n_features(), 130U);
      EXPECT_EQ(view.is_packed(), std::holds_alternative<BitMatrix>(rows));
      for (std::size_t i = 0; i + begin < 20; ++i) {
        std::vector<std::size_t> expected;
        for (std::size_t d = 0; d < 130; ++d) {
          EXPECT_EQ(view.test(i, d), packed.test(begin + i, d));
          if (packed.test(begin + i, d)) expected.push_back(d);
        }
        EXPECT_EQ(ones_of(view, i), expected);
        EXPECT_EQ(view.count_ones(i), expected.size());
      }
    }
  }
}

TEST(RowsView, KnowsEqualRows) {
  BitMatrix packed(3, 70);
  for (const std::size_t i : {0U, 2U}) packed.set(i, 69);
  packed.set(1, 68);
  const Rows kinds[2] = {packed, to_sparse(packed)};
  for (const Rows& rows : kinds) {
    RowBuffer buffer, other_buffer;
    const RowsView view(rows, 0, 3, buffer);
    const RowsView last(rows, 2, 3, other_buffer);
    EXPECT_TRUE(view.is_same(0, last, 0));
    EXPECT_FALSE(view.is_same(1, last, 0));
    EXPECT_FALSE(view.is_same(0, view, 1));
  }
}

}  // namespace
}  // namespace mixbern
