// Part of a start's trace: thousands of starts may run for a hundred thousand iterations each.
#pragma once

#include <span>

#include "mixbern/fit/em.hpp"

namespace mixbern {

/// All of `trace` up to 200 iterations; of a longer one the first 64, and later ones at equal ratios up to
/// the last: 200 at most.
StartTrace thinned(std::span<const double> trace);

}  // namespace mixbern
