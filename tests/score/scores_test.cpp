#include "score/scores.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mixbern {
namespace {

TEST(Scores, PartsCoverTheRowsOnce) {
  Scores scores;
  for (const std::size_t n : {0U, 1U, 64U, 65U, 200U}) {
    scores.begin(Scores::Form::kRows, n, 3, 1);
    std::size_t covered = 0;
    for (Part part = scores.part_from(0); part.size() > 0; part = scores.part_from(part.end)) {
      EXPECT_EQ(part.begin, covered);
      EXPECT_LE(part.size(), Scores::kPartRows);
      covered = part.end;
    }
    EXPECT_EQ(covered, n);
  }
}

TEST(Scores, OfCandidatesAreThoseOfSomeRows) {
  Scores scores;
  scores.begin(Scores::Form::kCandidates, 10, 3, 1);
  scores.candidates.rows = {2, 7};
  EXPECT_EQ(scores.n_rows(), 2U);
  EXPECT_EQ(scores.row(1), 7U);
}

TEST(Scores, ATileOfColumnsIsOneOfRows) {
  Scores scores;
  scores.begin(Scores::Form::kColumns, 20, 3, 1);
  scores.stride = 4;
  scores.values.resize(kernel::columns_size(20, 4));
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t k = 0; k < 3; ++k) scores.value(i, k) = static_cast<std::int32_t>(100 * i + k);
  }
  AlignedVector<std::int32_t> memory;
  const std::int32_t* tile = scores.tile({15, 20}, memory);
  EXPECT_EQ(tile[0], 1500);
  EXPECT_EQ(tile[4 * kernel::kSlots + 2], 1902);
  EXPECT_EQ(tile[3], std::numeric_limits<std::int32_t>::min());
}

}  // namespace
}  // namespace mixbern
