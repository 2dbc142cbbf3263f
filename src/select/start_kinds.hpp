// What the starts of a fit reached.
#pragma once

#include "mixbern/fit/fit.hpp"

namespace mixbern {

/// Fills in start_kinds, in the order in which kinds were first tried, and n_init_at_best from start_inits,
/// log_likelihoods and optimum_margin.
void count_reached(FitResult& result);

}  // namespace mixbern
