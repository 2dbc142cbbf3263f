// The mixture that fits the sums best.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "mixbern/mixture/mixture.hpp"
#include "model/prior.hpp"
#include "sums/sufficient_stats.hpp"

namespace mixbern {

/// Least probability of a value that no row of the data has: log(10^6) = 13.8 nats a new row that has it,
/// whatever N is, where a tiny pseudo-count alone would ask for more and more as N grows.
constexpr double kUnseenProbability = 1e-6;

/// M-step: the mixture that maximises the expected complete log-likelihood plus the log prior (Bishop 2006,
/// eq. 9.58-9.60, with a Beta and Dirichlet prior). Where that leaves a parameter free (an emptied
/// component, no observed cell, a prior of strength 0) `previous` is kept. With `constant`, the features
/// that have one value only, ascending, as EM needs it: their probabilities stay kUnseenProbability away
/// from 0 and 1 with a prior; without one all others stay off 0 and 1 by a unit of the sums, or by as
/// little as before. Equal cells of `previous` stay equal, by the sums of all of them, and what is held
/// there is held. `memory` is where the parameters are put if it is large enough. O(K · D).
Mixture maximise(const SufficientStats& sums, const Mixture& previous, const Prior& prior,
                 std::optional<std::span<const std::size_t>> constant = {}, Mixture::Parameters memory = {});

}  // namespace mixbern
