// fit --groups: a mixture in several groups.
#pragma once

#include <string>

#include "groups_run.hpp"

namespace mixbern::app {

/// Fits, looks as close as was asked for, prints, and saves the model as one of data in which the group is an
/// item, where `model` is a name.
int fit_in_groups(const GroupCall& call, const std::string& model);

}  // namespace mixbern::app
