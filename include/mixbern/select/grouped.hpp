// How many components, in several groups?
#pragma once

#include <vector>

#include "mixbern/fit/groups.hpp"
#include "mixbern/select/selection.hpp"

namespace mixbern {

struct GroupedSelection {
  std::vector<GroupedModel> models = {};  ///< one a candidate
  /// Its candidates' mixtures are the joint ones; log-likelihoods, numbers of parameters, classifications,
  /// criteria and goodness of fit are those given the groups.
  Selection selection = {};
};

/// fit_groups() for each number of components, with `free_items` free, and the best by an information
/// criterion. Throws std::invalid_argument for tests of neighbours, cross-validation and smoothing by the
/// data, which know no groups, for a list that is empty or not ascending, and as fit_groups(). A cancelled
/// fit ends the list before it.
GroupedSelection select_groups(const Dataset& data, const FreeItems& free_items,
                               const SelectOptions& options);

}  // namespace mixbern
