// From the starts of a fit to what it reports.
#pragma once

#include "mixbern/fit/fit.hpp"
#include "select/checkpoint.hpp"
#include "select/starts.hpp"

namespace mixbern {

/// All that follows from the starts; what is known of the rows is yet to be filled in.
FitResult result_of(const StartsResult& starts, const Plan& plan);

/// That the last checkpoint was not saved, if it was not.
void add_warning_of(const Checkpoint& checkpoint, FitResult& result);

}  // namespace mixbern
