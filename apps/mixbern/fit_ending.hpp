// The end of `mixbern fit`: the result, its warnings, and what an interrupted fit left behind.
#pragma once

#include "fit_call.hpp"
#include "fit_report.hpp"
#include "phases.hpp"

namespace mixbern::app {

/// Prints the result; warnings first, on standard error.
void tell(const FitCall& call, const FitStory& story, Phases& phases, Messages& messages);

/// One line that tells what an interrupted fit left behind.
std::string what_is_left(const FitCall& call, const FitStory& story);

}  // namespace mixbern::app
