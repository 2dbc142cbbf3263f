// Whether options make sense for data.
#pragma once

#include "mixbern/fit.hpp"

namespace mixbern {

/// Throws std::invalid_argument, see fit(), before any work is done.
void check_fit(const Dataset& data, const FitOptions& options);

}  // namespace mixbern
