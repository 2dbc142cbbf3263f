#include "sums/log_likelihood.hpp"

#include <gtest/gtest.h>

#include "reference.hpp"
#include "score/scorer.hpp"
#include "sums/add_block.hpp"

namespace mixbern {
namespace {

double log_likelihood_by(const Dataset& data, const Mixture& mixture, bool sole_from_sums) {
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
    responsibilities.take(scores, part, false);
    add_part(rows, part, responsibilities, sums);
  }
  add_sole(rows, responsibilities, SoleBy::kAmounts, sums);
  add_log_likelihoods(rows, scores, responsibilities, sole_from_sums, sums);
  sums.finish();
  return log_likelihood(scorer.table(), sole_from_sums, sums);
}

// Row by row, and where the scores of sole rows follow from the sums.
TEST(LogLikelihood, IsThatOfTheDefinitionEitherWay) {
  for (const double far : {0.5, 4.0}) {
    const Dataset data = reference::random_dataset({.n_rows = 200, .n_features = 60, .missing = 0.1}, 4);
    const Mixture mixture = reference::separated(9, 60, far, 5);
    const auto expected = static_cast<double>(reference::log_likelihood(mixture, data));
    EXPECT_NEAR(log_likelihood_by(data, mixture, false), expected, 1e-8 * std::abs(expected));
    EXPECT_NEAR(log_likelihood_by(data, mixture, true), expected, 1e-8 * std::abs(expected));
  }
}

}  // namespace
}  // namespace mixbern
