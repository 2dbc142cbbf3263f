#include "sums/sole_rows.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

// Adds 1,000 rows of ones 0, 2 and 65 to component 1 and 3 to component 0, in two parts.
void expect_counts(const std::function<void(SoleRows&, std::uint32_t)>& add) {
  SoleRows rows(2, 70), other(2, 70);
  EXPECT_TRUE(rows.empty());
  for (int i = 0; i < 700; ++i) add(rows, 1);
  for (int i = 0; i < 300; ++i) add(other, 1);
  for (int i = 0; i < 3; ++i) add(other, 0);
  rows.finish();
  other.finish();
  rows.merge(other);
  for (std::size_t d = 0; d < 70; ++d) {
    const bool one = d == 0 || d == 2 || d == 65;
    EXPECT_EQ(rows.ones(1)[d], one ? 1000 : 0);
    EXPECT_EQ(rows.ones(0)[d], one ? 3 : 0);
  }
  EXPECT_EQ(rows.n_rows(1), 1000);
  EXPECT_EQ(rows.n_rows(0), 3);
  rows.clear();
  rows.finish();
  EXPECT_EQ(rows.n_rows(1), 0);
  EXPECT_EQ(rows.ones(1)[0], 0);
}

TEST(SoleRows, BitsAreCountedPastAByteAndMerged) {
  const std::vector<std::uint64_t> words = {0b11, 0b11, 0b101, 0b10};
  expect_counts([&](SoleRows& rows, std::uint32_t k) { rows.add_bits(words, {{kernel::kNone, k}}); });
}

TEST(SoleRows, ColumnsAreCountedPastAByteAndMerged) {
  const std::vector<std::uint32_t> columns = {0, 2, 65};
  expect_counts([&](SoleRows& rows, std::uint32_t k) { rows.add_columns(k, columns); });
}

TEST(SoleRows, ManyAtATimeAreCountedPastAByte) {
  std::vector<std::uint64_t> words;
  std::vector<std::uint32_t> sole;
  for (int i = 0; i < 800; ++i) {
    const bool first = i % 4 == 0;
    words.insert(words.end(), {first ? 0b101U : 0b1U, first ? 0b10U : 0b1U});
    sole.push_back(1);
  }
  SoleRows rows(2, 70);
  rows.add_bits(words, sole);
  rows.finish();
  for (std::size_t d = 0; d < 70; ++d) {
    const int of_first = d == 0 || d == 2 || d == 65 ? 200 : 0;
    const int of_others = d == 0 || d == 64 ? 600 : 0;
    EXPECT_EQ(rows.ones(1)[d], of_first + of_others) << d;
    EXPECT_EQ(rows.ones(0)[d], 0) << d;
  }
}

}  // namespace
}  // namespace mixbern
