// select --groups: the number of components of a mixture in several groups.
#pragma once

#include <string>
#include <vector>

#include "groups_run.hpp"
#include "mixbern/select/selection.hpp"

namespace mixbern::app {

/// What such a search is asked for beside what every fit in groups is.
struct GroupSelectCall {
  GroupCall call;
  SelectOptions options = {};  ///< without those of the fits
  std::string model = {};      ///< file for the best one; empty: none
  std::string table = {};      ///< file for the criteria; empty: none
};

/// Fits each number, saves what was asked for, prints. Returns the exit status.
int select_in_groups(const GroupSelectCall& select);

}  // namespace mixbern::app
