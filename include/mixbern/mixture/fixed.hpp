// Parameters that are known whatever the data.
#pragma once

#include <cstddef>

#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Whether constraints hold the weight of component k, or leave none to be estimated.
bool is_fixed_weight(const Mixture& mixture, std::size_t k);
/// Whether constraints hold probability d of component k.
bool is_fixed_probability(const Mixture& mixture, std::size_t k, std::size_t d);

}  // namespace mixbern
