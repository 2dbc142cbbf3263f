// Pieces of JSON that several documents share. Numbers that are not finite become null when they are printed.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "mixbern/fit/fit.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/optima.hpp"
#include "mixbern/statistics/agreement.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/likelihood_ratio.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern::report {

using Json = nlohmann::ordered_json;

Json criteria_json(const Criteria& criteria);
Json classification_json(const Classification& sharp);
Json goodness_of_fit_json(const GoodnessOfFit& fit);
Json optima_json(std::span<const Optimum> optima);
/// A categorical item is one.
std::size_t n_items(const Mixture& mixture);

Json bootstrap_json(const BootstrapFit& bootstrap, const Mixture& mixture);
Json standard_errors_json(const StandardErrors& errors, const Mixture& mixture);
Json blrt_json(const BootstrapTest& test);
Json vlmr_json(const LikelihoodRatioTest& test);
Json agreement_json(const Agreement& agreement, std::size_t n_components);

/// What a model file records of its fit. Nothing in it depends on the machine, the time, the threads or the
/// blocks: the same fit gives the same record everywhere.
Json fit_record_json(const FitResult& fit, const Dataset& data, const std::string& data_name);

/// Share of cells that are missing.
/// null where they were not counted.
Json counted_or_null(std::size_t n_distinct_rows);
double missing_share(const Dataset& data);

/// One line; what is no UTF-8 is replaced.
std::string printed(const Json& json);

}  // namespace mixbern::report
