#include "score/coarse_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "mixbern/kernels/kernels.hpp"
#include "reference.hpp"
#include "score/by_candidates.hpp"

namespace mixbern {
namespace {

// Whoever lies within reach of the largest score is found, and not all others are.
TEST(CoarseTable, FindsWhoeverMayMatterAndFewMore) {
  if (!can_find_candidates()) GTEST_SKIP() << active_kernel() << " has no sums of bytes";
  const Dataset data = reference::runs(90, 784, false, 6);
  const RowFacts facts(data, Arithmetic::kFixed);
  ScoreTable table;
  ASSERT_TRUE(table.assign(reference::separated(130, 784, 6, 3), facts));
  table.lay_out(false);
  ASSERT_TRUE(table.find_spreads());
  CoarseTable coarse;
  ASSERT_TRUE(coarse.assign(table, facts));
  RowBlock rows;
  rows.load(data, 0, 90, false, facts.encodings);
  rows.spell();
  Candidates found;
  coarse.find(rows, found);
  Scores all;
  ByCodes(table).score(rows, all);
  std::size_t n_found = 0;
  std::size_t shared = 0;
  for (std::size_t i = 0; i < 90; ++i) {
    std::vector<std::uint32_t> candidates = {found.sole[i]};
    if (found.sole[i] == kernel::kNone) {
      ASSERT_EQ(found.rows[shared], i);
      candidates.assign(found.components.begin() + found.begins[shared],
                        found.components.begin() + found.begins[shared + 1]);
      ++shared;
    }
    std::int32_t largest = all.value(i, 0);
    for (std::size_t k = 1; k < 130; ++k) largest = std::max(largest, all.value(i, k));
    for (std::uint32_t k = 0; k < 130; ++k) {
      const bool matters = (largest - all.value(i, k)) * all.unit < kernel::kNegligible;
      const bool is_found = std::find(candidates.begin(), candidates.end(), k) != candidates.end();
      EXPECT_TRUE(is_found || !matters) << i << ' ' << k;
      n_found += is_found ? 1 : 0;
    }
  }
  EXPECT_LT(n_found, 90U * 130U / 2);
}

}  // namespace
}  // namespace mixbern
