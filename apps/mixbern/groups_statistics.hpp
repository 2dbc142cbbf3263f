// What standard errors and statistics of a mixture in several groups say, as text and as JSON.
#pragma once

#include <span>
#include <string>

#include "groups_report.hpp"

namespace mixbern::app {

/// Standard errors of group g, out of [G × K] of weights and [G × K × D] of probabilities.
Json errors_of_group(std::span<const double> weights, std::span<const double> probabilities, std::size_t g,
                     std::size_t n_groups, std::size_t n_components);
/// Of all groups: method, weights of all, and what the matrix of information says of the model.
Json grouped_errors_json(const GroupedErrors& errors);

/// As `bootstrap` of a plain fit; standard errors are those of all groups, and of each.
Json grouped_bootstrap_json(const GroupedBootstrap& bootstrap, const GroupedModel& model);
std::string grouped_bootstrap_text(const GroupedBootstrap& bootstrap);

Json grouped_statistics_json(const GroupedStatistics& statistics, const GroupedModel& model,
                             const GroupedNames& names);
std::string grouped_statistics_text(const GroupedStatistics& statistics, const GroupedModel& model,
                                    const GroupedNames& names);

}  // namespace mixbern::app
