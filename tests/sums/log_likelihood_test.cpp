#include "sums/log_likelihood.hpp"

#include <gtest/gtest.h>

#include "one_block.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

double log_likelihood_by(const Dataset& data, const Mixture& mixture, bool sole_from_sums) {
  OneBlock block(data, mixture, false, SoleBy::kAmounts);
  add_log_likelihoods(block.rows(), block.scores(), block.responsibilities(), sole_from_sums, block.sums());
  block.sums().finish();
  return log_likelihood(block.table(), sole_from_sums, block.sums());
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
