// Tests of a model in groups against one with more free items.
#pragma once

#include <cstddef>

#include "mixbern/fit/groups.hpp"

namespace mixbern {

/// Fills in the score test of freeing `item` at `restricted`, a fit of `rows` (of rows_of_groups()) in which
/// it is equal: Rao, Proceedings of the Cambridge Philosophical Society 44 (1948) 50-57, with the observed
/// information and without a fit.
void add_score_test(const Dataset& rows, const GroupedModel& restricted, std::size_t item,
                    const FitOptions& options, InvarianceTest& test);

/// The likelihood ratio of two fits of `rows` against those of `n_samples` data sets drawn from `restricted`.
BootstrapTest bootstrap_groups(const Dataset& rows, const GroupedModel& restricted,
                               const GroupedModel& general, std::size_t n_samples, const FitOptions& options);

}  // namespace mixbern
