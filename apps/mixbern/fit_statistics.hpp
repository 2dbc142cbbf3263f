// What a fit says beyond its model: statistics, standard errors, tests by drawing; as table and as report.
#pragma once

#include <string>
#include <vector>

#include "fit_call.hpp"
#include "fit_report.hpp"
#include "phases.hpp"

namespace mixbern::app {

/// What was asked for beyond the fit itself. A bootstrap ends by itself when it is cancelled, and keeps what
/// it drew.
void add_statistics(const FitCall& call, Watch& watch, Phases& phases, FitStory& story);

/// What the standard errors say, or what is quickly known of the model without them.
std::vector<std::string> doubts_of(const FitCall& call, const FitStory& story, Phases& phases);

/// --table
void save_table(const FitCall& call, const FitStory& story);

/// What the report shows.
std::string document_of(const FitCall& call, const FitStory& story);

}  // namespace mixbern::app
