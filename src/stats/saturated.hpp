// How well could any distribution fit a table with missing cells?
#pragma once

#include <optional>

#include "stats/patterns.hpp"

namespace mixbern {

/// Σ_i w_i log P(the observed cells of row i), largest over all distributions P of the patterns (2^D, or
/// Π C where items have C answers): the saturated model where answers are missing at random.
///
/// Only patterns that complete a row matter. EM (Little and Rubin 2002, section 13.3) multiplies the
/// probability of each by g_c = Σ_{rows i that c completes} w_i / (N P_i); N (max_c g_c − 1) bounds what is
/// still to be gained, as the problem is concave (Lindsay, Annals of Statistics 11 (1983) 86-94), and it runs
/// until that is below 1e-6. Nothing for more than 63 features, where rows have more than 2^18
/// completions together, or where the bound is not below 1e-3 after the work of a second.
std::optional<double> saturated_log_likelihood(const PatternTable& table);

}  // namespace mixbern
