// What standard errors and statistics of a mixture in several groups say, as text and as JSON.
#pragma once

#include <string>

#include "groups_report.hpp"

namespace mixbern::app {

/// Of all groups: method, weights of all, and what the matrix of information says of the model.
Json grouped_errors_json(const GroupedErrors& errors);

Json grouped_statistics_json(const GroupedStatistics& statistics, const GroupedModel& model,
                             const GroupedNames& names);
std::string grouped_statistics_text(const GroupedStatistics& statistics, const GroupedModel& model,
                                    const GroupedNames& names);

}  // namespace mixbern::app
