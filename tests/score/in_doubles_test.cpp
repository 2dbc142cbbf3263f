#include "score/in_doubles.hpp"

#include <gtest/gtest.h>

#include "reference.hpp"

namespace mixbern {
namespace {

TEST(InDoubles, ScoresArePosteriorsAndLogLikelihoods) {
  for (const bool sparse : {false, true}) {
    Dataset data = reference::random_dataset({.n_rows = 30, .n_features = 20, .missing = 0.1}, 3);
    if (sparse) data.ones = to_sparse(data.ones);
    const Mixture mixture = reference::random_mixture(7, 20, 4);
    const RowFacts facts(data);
    InDoubles way;
    way.assign(mixture, facts, {});
    RowBlock rows;
    rows.load(data, 4, 30, false, facts.encodings);
    Scores scores;
    way.score(rows, scores);
    ASSERT_EQ(scores.form, Scores::Form::kPosteriors);
    ASSERT_EQ(scores.n_rows(), 26U);
    for (std::size_t i = 0; i < 26; ++i) {
      const auto expected = reference::posterior(mixture, data, 4 + i);
      EXPECT_NEAR(scores.log_likelihoods[i], static_cast<double>(expected.log_likelihood), 1e-12);
      for (std::size_t k = 0; k < 7; ++k) {
        EXPECT_NEAR(scores.posteriors[i * scores.stride + k],
                    static_cast<double>(expected.responsibilities[k]), 1e-12);
      }
    }
  }
}

// What fixed point cannot hold.
TEST(InDoubles, ParametersMayBeZeroAndOne) {
  Dataset data;
  BitMatrix ones(2, 2);
  ones.set(0, 0);
  data.ones = ones;
  const RowFacts facts(data);
  InDoubles way;
  way.assign(Mixture({0.5, 0.5}, {1, 0, 0, 0.25}), facts, {});
  RowBlock rows;
  rows.load(data, 0, 2, false, facts.encodings);
  Scores scores;
  way.score(rows, scores);
  EXPECT_EQ(scores.posteriors[0], 1);
  EXPECT_EQ(scores.posteriors[scores.stride + 1], 1);
  EXPECT_NEAR(scores.log_likelihoods[1], std::log(0.375), 1e-15);
}

}  // namespace
}  // namespace mixbern
