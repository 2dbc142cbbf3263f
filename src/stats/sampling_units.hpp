// The units that a survey drew, and the strata it drew them from.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/statistics/survey.hpp"

namespace mixbern {

struct SamplingUnits {
  std::vector<std::size_t> unit_of_row;
  std::vector<std::size_t> stratum_of_unit;
  std::vector<std::size_t> n_units;  ///< [strata]
};

/// Units in order of their first row. Throws std::invalid_argument unless the parts have `n_rows` entries.
SamplingUnits sampling_units(const SurveyDesign& design, std::size_t n_rows);

/// [strata] Share of each stratum's units that was sampled, 0 without fpc. Throws std::invalid_argument for
/// numbers that are no shares, or differ within a stratum.
std::vector<double> shares_of_strata(const SurveyDesign& design, const SamplingUnits& units);

/// size_of() of a design whose units are known.
DesignSize checked_size(const SurveyDesign& design, const SamplingUnits& units,
                        const std::vector<double>& shares);

}  // namespace mixbern
