// Whether options make sense for data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mixbern/fit/fit.hpp"

namespace mixbern {

/// Throws std::invalid_argument, see fit(), before any work is done.
void check_fit(const Dataset& data, const FitOptions& options);

/// Parts of it, where there are no data.
void check_options(const FitOptions& options);
void check_model(std::size_t n_features, const Items& items, const FitOptions& options);
void check_constraints(std::size_t n_features, const Items& items, const FitOptions& options);

/// Throws std::invalid_argument unless there are numbers of components to try, which ascend.
void check_numbers(const std::vector<std::size_t>& n_components);

/// Throws std::invalid_argument where there are constraints, for `what` that does not know them.
void refuse_constraints(const Constraints& constraints, const std::string& what);

}  // namespace mixbern
