#include "score/responsibilities.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "mixbern/kernels/kernels.hpp"
#include "reference.hpp"
#include "score/scorer.hpp"

namespace mixbern {
namespace {

constexpr int kBits = 24;

// All amounts of a block, [rows × components], from shares and sole rows, or from all at once.
std::vector<double> amounts(const RowBlock& rows, const Scores& scores, bool all) {
  std::vector<double> found(rows.size() * scores.n_components);
  const auto amount = [&](std::size_t i, std::size_t k) -> double& {
    return found[i * scores.n_components + k];
  };
  Responsibilities responsibilities;
  responsibilities.begin(rows, scores, kBits);
  for (Part part = scores.part_from(0); part.size() > 0; part = scores.part_from(part.end)) {
    responsibilities.take(scores, part, all);
    EXPECT_EQ(responsibilities.has_all(), all);
    if (all) {
      const std::size_t stride = kernel::stride_for(scores.n_components);
      for (std::size_t i = part.begin; i < part.end; ++i) {
        for (std::size_t k = 0; k < scores.n_components; ++k) {
          amount(i, k) = static_cast<double>(responsibilities.all()[(i - part.begin) * stride + k]);
        }
      }
      continue;
    }
    const kernel::Shares& shares = responsibilities.shares();
    for (std::size_t j = 0; j < shares.n_rows; ++j) {
      for (std::uint32_t e = shares.begins[j]; e < shares.begins[j + 1]; ++e) {
        amount(shares.rows[j], shares.components[e]) += static_cast<double>(shares.amounts[e]);
      }
    }
  }
  for (std::size_t i = 0; i < responsibilities.sole().size(); ++i) {
    const std::uint32_t k = responsibilities.sole()[i];
    if (k != kernel::kNone) amount(i, k) += responsibilities.amount(i);
  }
  return found;
}

TEST(Responsibilities, AreTimesWeightsThePosteriorsOfEveryForm) {
  for (const bool weights : {false, true}) {
    const Dataset data = reference::random_dataset({.n_rows = 150, .n_features = 60, .weights = weights}, 4);
    const RowFacts facts(data, Arithmetic::kFixed);
    for (const std::size_t n_components : {5U, 16U, 40U}) {
      const Mixture mixture = reference::separated(n_components, 60, 3, 5);
      for (const ScoreBy by : {ScoreBy::kCodes, ScoreBy::kCandidates, ScoreBy::kDoubles}) {
        if (by == ScoreBy::kCandidates && !can_find_candidates()) continue;
        Scorer scorer;
        ASSERT_TRUE(scorer.assign(mixture, facts, {}));
        ASSERT_EQ(scorer.lay_out(by, mixture, facts, {}, true), by);
        RowBlock rows;
        Scores scores;
        RowsOfDataset(data, facts.encodings).load(0, 150, rows);
        scorer.way().score(rows, scores);
        const bool all = by == ScoreBy::kDoubles || (by == ScoreBy::kCodes && n_components == 5);
        const std::vector<double> found = amounts(rows, scores, all);
        for (std::size_t i = 0; i < 150; ++i) {
          const auto expected = reference::posterior(mixture, data, i).responsibilities;
          for (std::size_t k = 0; k < n_components; ++k) {
            EXPECT_NEAR(std::ldexp(found[i * n_components + k], -kBits),
                        static_cast<double>(data.weight(i) * expected[k]), 1e-5);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace mixbern
