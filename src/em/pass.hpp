// The content of a Pass.
#pragma once

#include <vector>

#include "data/row_facts.hpp"
#include "em/reducer.hpp"
#include "mixbern/fit/partial_sums.hpp"
#include "model/prior.hpp"

namespace mixbern {

struct Pass::State {
  Mixture mixture;
  RowFacts facts;  ///< of all rows, finished
  double strength;
  std::vector<double> means;
  bool semi_supervised;

  Prior prior() const { return {.strength = strength, .means = means}; }
  StatsLayout layout() const { return layout_for(facts, mixture.n_components()); }
};

}  // namespace mixbern
