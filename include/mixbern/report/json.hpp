// Results as JSON text, as the program prints them and as the report shows them.
#pragma once

#include <span>
#include <string>

#include "mixbern/fit/fit.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/optima.hpp"
#include "mixbern/statistics/agreement.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/likelihood_ratio.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern {

/// One object (a list for optima) each, with the members that docs/command_line.md names. A number that is
/// not finite is null, and nothing else is.
std::string to_json(const Criteria& criteria);
std::string to_json(const Classification& classification);
std::string to_json(const GoodnessOfFit& fit);
std::string to_json(std::span<const Optimum> optima);
std::string to_json(const StandardErrors& errors, const Mixture& mixture);
std::string to_json(const BootstrapFit& bootstrap, const Mixture& mixture);
std::string to_json(const BootstrapTest& test);
std::string to_json(const LikelihoodRatioTest& test);
std::string to_json(const Agreement& agreement, std::size_t n_components);

/// What a model file records of its fit to `data` (Model::fit_record), which is also how `fit --json` begins.
/// Nothing in it depends on the machine, the time, the threads or the blocks. `data_name` should be without
/// folders.
std::string fit_record(const FitResult& fit, const Dataset& data, const std::string& data_name);
/// Which estimate a Model::fit_record is of; what it does not say, and where it is no JSON that can be
/// trusted, is as usual.
Estimation recorded_estimation(const std::string& fit_record);

}  // namespace mixbern
