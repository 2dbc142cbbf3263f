// replicate_standard_errors(), and the refits that they come from, for functions of several parameters.
#pragma once

#include <functional>

#include "mixbern/statistics/replicates.hpp"

namespace mixbern {

/// As replicate_standard_errors() without it; `visit` is shown each refit with its factor, in their order.
StandardErrors replicate_standard_errors(const Mixture& mixture, const Dataset& data,
                                         const ReplicateWeights& replicates, const ReplicateOptions& options,
                                         const std::function<void(const Mixture&, double)>& visit);

}  // namespace mixbern
