// Whether options make sense for data.
#pragma once

#include "mixbern/fit/fit.hpp"

namespace mixbern {

/// Throws std::invalid_argument, see fit(), before any work is done.
void check_fit(const Dataset& data, const FitOptions& options);

/// Parts of it, where there are no data.
void check_options(const FitOptions& options);
void check_model(std::size_t n_features, const FitOptions& options);

}  // namespace mixbern
