// The fit of a mixture to the weights of one replicate.
#pragma once

#include <vector>

#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "stats/patterns.hpp"

namespace mixbern {

/// From `mixture`, so that components stay what they are; `weights`, one a row of the data that `table` is
/// of, are scaled to the weight of the table.
Mixture replicate_fit(const Mixture& mixture, const PatternTable& table, const std::vector<double>& weights,
                      const Estimation& estimation, Watch* watch = nullptr);

}  // namespace mixbern
