// Components of one mixture in the order of another's.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Which component of `found` is to stand in each place: the order in which the sum of squared differences of
/// probabilities from those of `mixture` is least (Hungarian method). REQUIRES: the same shape. O(K² D + K³).
std::vector<std::size_t> matching_order(const Mixture& found, const Mixture& mixture);

/// `found` with its components in that order; as it is where constraints name components.
Mixture matched(const Mixture& found, const Mixture& mixture);

}  // namespace mixbern
