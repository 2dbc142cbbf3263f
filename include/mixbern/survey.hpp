// How rows were drawn: strata, clusters, finite populations.
#pragma once

#include <cstddef>
#include <vector>

namespace mixbern {

/// The design of a survey, one entry a row in each part that is given.
struct SurveyDesign {
  std::vector<std::size_t> strata = {};    ///< number of the stratum, from 0; empty: one for all
  std::vector<std::size_t> clusters = {};  ///< number of the primary sampling unit; empty: each row its own
  std::vector<double> fpc = {};            ///< of the row's stratum: share of its units that was sampled, 0 … 1
  bool given() const { return !strata.empty() || !clusters.empty() || !fpc.empty(); }
};

}  // namespace mixbern
