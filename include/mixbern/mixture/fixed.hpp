// Parameters that are known whatever the data.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Whether constraints hold the weight of component k, or leave none to be estimated.
bool is_fixed_weight(const Mixture& mixture, std::size_t k);
/// [K × D] which probabilities constraints hold.
std::vector<bool> fixed_probabilities(const Mixture& mixture);

}  // namespace mixbern
