// The log-likelihood of a pass.
#pragma once

#include <vector>

#include "data/row_block.hpp"
#include "score/responsibilities.hpp"
#include "score/score_table.hpp"
#include "score/scores.hpp"
#include "sums/sufficient_stats.hpp"

namespace mixbern {

/// Adds up what the rows of a block give, once all parts are there: in doubles Σ_i w_i log p(x_i); else
/// Σ_i w_i (largest score + log Σ_k exp(score − largest)), each term in whole units. With `sole_from_sums`
/// without the first term of rows that one component has all of; their second is 0.
void add_log_likelihoods(const RowBlock& rows, const Scores& scores, const Responsibilities& responsibilities,
                         bool sole_from_sums, SufficientStats& sums);

/// The same, with the scores of sole rows where they follow from the sums.
FixedSum complete_log_likelihood(const ScoreTable& table, bool sole_from_sums, const SufficientStats& sums);

/// The total in fixed point, from merged and finished sums: with what scores lack of log joints, with the
/// scores of sole rows where they follow from the sums, and with what rounding the table took off.
double log_likelihood(const ScoreTable& table, bool sole_from_sums, const SufficientStats& sums);

}  // namespace mixbern
