// Components of one mixture in the order of another's.
#pragma once

#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// `found` with its components in the order in which the sum of squared differences of probabilities from
/// those of `mixture` is least (Hungarian method); as it is where constraints name components. REQUIRES: the
/// same shape. O(K² D + K³).
Mixture matched(const Mixture& found, const Mixture& mixture);

}  // namespace mixbern
