#include "score/scorer.hpp"

#include <gtest/gtest.h>

#include "reference.hpp"

namespace mixbern {
namespace {

constexpr ScoreBy kAll[] = {ScoreBy::kTiles, ScoreBy::kCandidates, ScoreBy::kCodes, ScoreBy::kDoubles};

bool can_be(ScoreBy by) {
  if (by == ScoreBy::kTiles) return kernel::active().tables.add_dense != nullptr;
  return by != ScoreBy::kCandidates || can_find_candidates();
}

// One scorer after the other mixture, in the same memory.
TEST(Scorer, LaysOutWhatWasAskedForAndUsesIt) {
  const Dataset data = reference::random_dataset({.n_rows = 80, .n_features = 120}, 3);
  const RowFacts facts(data, Arithmetic::kFixed);
  Scorer scorer;
  for (const unsigned seed : {4U, 5U}) {
    const Mixture mixture = reference::separated(20, 120, 2, seed);
    ASSERT_TRUE(scorer.assign(mixture, facts, {}));
    RowBlock rows;
    rows.load(data, 0, 80, false, facts.encodings);
    ByCodes by_codes(scorer.table());
    Scores expected;
    scorer.lay_out(ScoreBy::kCodes, mixture, facts, {}, true);
    by_codes.score(rows, expected);
    for (const ScoreBy by : kAll) {
      if (!can_be(by)) continue;
      ASSERT_TRUE(scorer.assign(mixture, facts, {}));
      ASSERT_EQ(scorer.lay_out(by, mixture, facts, {}, true), by);
      Scores scores;
      scorer.way().score(rows, scores);
      EXPECT_EQ(scores.form == Scores::Form::kPosteriors, by == ScoreBy::kDoubles);
      if (scores.form != Scores::Form::kRows && scores.form != Scores::Form::kColumns) continue;
      for (std::size_t i = 0; i < 80; ++i) {
        for (std::size_t k = 0; k < 20; ++k) ASSERT_EQ(scores.value(i, k), expected.value(i, k));
      }
    }
  }
}

TEST(Scorer, SaysWhatOnlyDoublesCanHold) {
  const Dataset data = reference::random_dataset({.n_rows = 10, .n_features = 3}, 3);
  const RowFacts facts(data, Arithmetic::kFixed);
  Scorer scorer;
  EXPECT_FALSE(scorer.assign(Mixture({1}, {0.5, 1, 0.5}), facts, {}));
  EXPECT_TRUE(scorer.assign(Mixture({1}, {0.5, 0.9, 0.5}), facts, {}));
}

}  // namespace
}  // namespace mixbern
