// Estimates of a mixture in several groups as a table for a paper.
#pragma once

#include "mixbern/fit/group_statistics.hpp"
#include "paper_table.hpp"

namespace mixbern::app {

/// Weights by group and of all, then an item a line, or one a group where it is free. `items` are labels of
/// the data of the groups and have to outlive the table; `errors` may be null.
PaperTable table_of(const GroupedModel& model, const ItemLabels& items, const GroupedErrors* errors);

}  // namespace mixbern::app
