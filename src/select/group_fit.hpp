// Goodness of fit of mixtures of several groups.
#pragma once

#include <vector>

#include "mixbern/mixture/posterior.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"

namespace mixbern {

/// The statistics of GroupedStatistics::fit, added up over the groups; degrees of freedom are those of no
/// parameters, and p-values are not set. `groups` has the rows of each. `by_group` gets what each adds to G².
GoodnessOfFit sum_over_groups(const std::vector<Mixture>& mixtures, const std::vector<Dataset>& groups,
                              const PosteriorOptions& options, std::vector<double>& by_group);

}  // namespace mixbern
