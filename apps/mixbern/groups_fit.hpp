// fit --groups: a mixture in several groups.
#pragma once

#include <string>

#include "groups_run.hpp"
#include "mixbern/report/groups.hpp"

namespace mixbern::app {

/// The model and what the parts of the data are called.
NamedGroups named(const GroupedModel& model, const GroupedData& rows);

/// Fits, looks as close as was asked for, prints, and saves the model as one of data in which the group is an
/// item, where `model` is a name.
int fit_in_groups(const GroupCall& call, const std::string& model);

}  // namespace mixbern::app
