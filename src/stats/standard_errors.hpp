// standard_errors(), and what they come from for functions of several parameters.
#pragma once

#include <functional>

#include "mixbern/statistics/standard_errors.hpp"
#include "stats/covariance.hpp"
#include "stats/free_parameters.hpp"

namespace mixbern {

using CovarianceVisitor = std::function<void(const FreeParameters&, const Covariance&)>;

/// As standard_errors() without it; `visit` is shown the free parameters and their covariance, if any
/// parameter is free.
StandardErrors standard_errors(const Mixture& mixture, const Dataset& data,
                               const StandardErrorOptions& options, const CovarianceVisitor& visit);

}  // namespace mixbern
