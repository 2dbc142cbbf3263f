// What a search over numbers of components says.
#pragma once

#include <string>
#include <vector>

#include "estimates_table.hpp"
#include "mixbern/select/selection.hpp"
#include "output.hpp"

namespace mixbern::app {

/// One line a number of components, in two blocks; a star marks the smallest value of each criterion.
std::string selection_text(const Selection& selection, Criterion criterion);

/// The same as a table for a paper, or all of it as CSV.
std::string selection_table(const Selection& selection, TableFormat format);

/// What a candidate says beyond its fit.
void add_candidate(Json& json, const Candidate& candidate);

/// What to say where the largest number of components was picked, so that a larger one may be better; empty
/// where it was not.
std::string end_of_list(const Selection& selection);

/// A sentence where `criterion` is no guide, since there are few rows for each parameter; else empty.
std::string limits_of_criteria(const Selection& selection, Criterion criterion);

}  // namespace mixbern::app
