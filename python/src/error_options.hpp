// What standard errors are asked for.
#pragma once

#include <string>

#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern::python {

/// Throws std::invalid_argument for another method than 'observed', 'opg' or 'sandwich'.
StandardErrorOptions error_options(const std::string& method, const Estimation& estimation,
                                   const SurveyDesign& design, unsigned threads);

}  // namespace mixbern::python
