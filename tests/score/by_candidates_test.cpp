#include "score/by_candidates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "mixbern/kernels/kernels.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

enum class Kind { kImages, kSparse, kMissing, kFewFeatures };

Dataset rows_of(Kind kind) {
  constexpr std::size_t kRows = 90;
  switch (kind) {
    case Kind::kMissing:
      return reference::random_dataset({.n_rows = kRows, .n_features = 400, .missing = 0.05}, 8);
    case Kind::kFewFeatures:
      return reference::random_dataset({.n_rows = kRows, .n_features = 9}, 8);
    case Kind::kSparse: {
      Dataset data = reference::runs(kRows, 784, false, 6);
      data.ones = to_sparse(data.ones);
      return data;
    }
    case Kind::kImages:
      break;
  }
  return reference::runs(kRows, 784, false, 6);
}

// All rows of `found`, against the scores of all components.
class Comparison {
 public:
  Comparison(const Scores& found, const Scores& all) : found_(found), all_(all) {}

  void run() {
    for (std::size_t i = 0; i < all_.n_block_rows; ++i) {
      is_candidate_.assign(all_.n_components, false);
      if (found_.candidates.sole[i] != kernel::kNone) {
        compare_sole(i);
      } else {
        compare_shared(i);
      }
      expect_nothing_lost(i);
    }
    EXPECT_EQ(n_sole, found_.candidates.sole_rows.size());
    EXPECT_EQ(n_shared, found_.n_rows());
  }

  std::size_t n_sole = 0, n_shared = 0;

 private:
  std::int32_t score(std::size_t i, std::size_t k) const { return all_.values[i * all_.stride + k]; }

  void compare_sole(std::size_t i) {
    const Candidates& candidates = found_.candidates;
    is_candidate_[candidates.sole[i]] = true;
    ASSERT_EQ(candidates.sole_rows[n_sole], i);
    ASSERT_EQ(candidates.sole_scores[n_sole++], score(i, candidates.sole[i]));
  }

  void compare_shared(std::size_t i) {
    const Candidates& candidates = found_.candidates;
    ASSERT_EQ(candidates.rows[n_shared], i);
    for (std::uint32_t place = candidates.begins[n_shared]; place < candidates.begins[n_shared + 1];
         ++place) {
      const std::uint32_t k = candidates.components[place];
      if (k != kernel::kNone) is_candidate_[k] = true;
      ASSERT_EQ(found_.values[place],
                k == kernel::kNone ? std::numeric_limits<std::int32_t>::min() : score(i, k));
    }
    ++n_shared;
  }

  void expect_nothing_lost(std::size_t i) const {
    const std::int32_t* scores = all_.values.data() + i * all_.stride;
    const double largest = *std::max_element(scores, scores + all_.n_components);
    for (std::size_t k = 0; k < all_.n_components; ++k) {
      ASSERT_TRUE(is_candidate_[k] || scores[k] <= largest - kernel::kNegligible / all_.unit);
    }
  }

  const Scores& found_;
  const Scores& all_;
  std::vector<bool> is_candidate_;
};

// All that lies within reach of the largest is among the candidates, with the same score to the bit.
TEST(ByCandidates, LosesNothing) {
  if (!can_find_candidates()) GTEST_SKIP() << active_kernel() << " has no sums of bytes";
  std::size_t n_sole = 0, n_shared = 0;
  for (const Kind kind : {Kind::kImages, Kind::kSparse, Kind::kMissing, Kind::kFewFeatures}) {
    const Dataset data = rows_of(kind);
    const RowFacts facts(data, Arithmetic::kFixed);
    std::size_t n_blocks = 0;
    for (const std::size_t n_components : {20U, 130U, 333U}) {
      for (const double far : {0.01, 1.0, 6.0, 30.0}) {
        ScoreTable table;
        ASSERT_TRUE(table.assign(reference::separated(n_components, data.n_features(), far, 3), facts));
        ByCandidates by_candidates(table);
        ASSERT_TRUE(by_candidates.lay_out(facts, true));
        RowBlock rows;
        RowsOfDataset(data, facts.encodings).load(0, data.n_rows(), rows);
        Scores found, all;
        by_candidates.score(rows, found);
        ByCodes(table).score(rows, all);
        if (found.form != Scores::Form::kCandidates) continue;  // too many were left
        ++n_blocks;
        Comparison comparison(found, all);
        comparison.run();
        n_sole += comparison.n_sole;
        n_shared += comparison.n_shared;
      }
    }
    EXPECT_TRUE(n_blocks > 0 || kind == Kind::kFewFeatures);  // which hardly pay
  }
  EXPECT_GT(n_sole, 100U);
  EXPECT_GT(n_shared, 100U);
}

TEST(ByCandidates, LeavesScoresOfSoleRowsOutWhereTheyAreNotWanted) {
  if (!can_find_candidates()) GTEST_SKIP() << active_kernel() << " has no sums of bytes";
  const Dataset data = rows_of(Kind::kImages);
  const RowFacts facts(data, Arithmetic::kFixed);
  ScoreTable table;
  ASSERT_TRUE(table.assign(reference::separated(130, 784, 6, 3), facts));
  ByCandidates by_candidates(table);
  ASSERT_TRUE(by_candidates.lay_out(facts, false));
  RowBlock rows;
  RowsOfDataset(data, facts.encodings).load(0, 90, rows);
  Scores found;
  by_candidates.score(rows, found);
  ASSERT_EQ(found.form, Scores::Form::kCandidates);
  EXPECT_TRUE(found.candidates.sole_rows.empty());
  EXPECT_LT(found.n_rows(), 90U);
}

}  // namespace
}  // namespace mixbern
