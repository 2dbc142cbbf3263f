#include "sums/add_block.hpp"

#include <gtest/gtest.h>

#include "reference.hpp"
#include "score/scorer.hpp"

namespace mixbern {
namespace {

// Sums of all rows as one block.
SufficientStats sums_of(const Dataset& data, const Mixture& mixture, bool all, SoleBy sole) {
  const RowsOfDataset source(data, Arithmetic::kFixed);
  const RowFacts facts(source, Arithmetic::kFixed);
  Scorer scorer;
  EXPECT_TRUE(scorer.assign(mixture, facts, {}));
  scorer.lay_out(ScoreBy::kCodes, mixture, facts, {}, true);
  RowBlock rows;
  source.load(0, data.n_rows(), rows);
  Scores scores;
  scorer.way().score(rows, scores);
  Responsibilities responsibilities;
  SufficientStats sums(layout_for(facts, mixture.n_components()));
  responsibilities.begin(rows, scores, sums.layout().fraction_bits);
  for (Part part = scores.part_from(0); part.size() > 0; part = scores.part_from(part.end)) {
    responsibilities.take(scores, part, all);
    add_part(rows, part, responsibilities, sums);
  }
  add_sole(rows, responsibilities, sole, sums);
  sums.finish();
  return sums;
}

// Of posteriors from the definition: counts, ones and missing cells of rows, some sole, some crowded.
TEST(AddBlock, SumsAreThoseOfTheDefinitionInEveryWay) {
  for (const bool sparse : {false, true}) {
    Dataset data = reference::random_dataset({.n_rows = 150, .n_features = 60, .missing = 0.1}, 4);
    if (sparse) data.ones = to_sparse(data.ones);
    const Mixture mixture = reference::separated(12, 60, 3, 5);
    std::vector<long double> counts(12), ones(12), missing(12);
    for (std::size_t i = 0; i < 150; ++i) {
      const auto posterior = reference::posterior(mixture, data, i).responsibilities;
      for (std::size_t k = 0; k < 12; ++k) {
        counts[k] += posterior[k];
        ones[k] += test(data.ones, i, 7) ? posterior[k] : 0;
        missing[k] += test(*data.missing, i, 7) ? posterior[k] : 0;
      }
    }
    const SoleBy by = sparse ? SoleBy::kColumns : SoleBy::kBits;
    for (const SufficientStats& sums :
         {sums_of(data, mixture, false, by), sums_of(data, mixture, false, SoleBy::kAmounts),
          sums_of(data, mixture, true, by)}) {
      for (std::size_t k = 0; k < 12; ++k) {
        EXPECT_NEAR(sums.count(k), static_cast<double>(counts[k]), 1e-3);
        EXPECT_NEAR(sums.ones(k, 7), static_cast<double>(ones[k]), 1e-3);
        EXPECT_NEAR(sums.missing(k, 7), static_cast<double>(missing[k]), 1e-3);
      }
    }
  }
}

}  // namespace
}  // namespace mixbern
