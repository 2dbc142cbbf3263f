// How many components? Fits for each number of them, side by side.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/fit/fit.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/optima.hpp"
#include "mixbern/select/smoothing.hpp"
#include "mixbern/statistics/agreement.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/likelihood_ratio.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern {

/// What picks the best number of components: the smallest value of an information criterion, or the bootstrap
/// test step by step.
enum class Criterion { kAic, kAic3, kBic, kSabic, kCaic, kIclBic, kAwe, kBlrt, kCrossValidation };
/// "aic", "aic3", "bic", "sabic", "caic", "icl-bic", "awe", "blrt", "cv".
std::string_view to_string(Criterion criterion);
std::optional<Criterion> criterion_from_string(std::string_view name);

struct SelectOptions {
  std::vector<std::size_t> n_components;  ///< to try, ascending
  /// n_components in it is ignored; `watch` hears of each number as a part, of its folds and samples too.
  FitOptions fit = {};
  Criterion criterion = Criterion::kBic;
  ReplicationOptions replication = {};
  bool vlmr = false;                ///< the Vuong-Lo-Mendell-Rubin test of neighbours too
  std::size_t n_folds = 0;          ///< of a cross-validation; 0: none
  std::size_t smoothing_folds = 0;  ///< for choose_smoothing() of each number; 0: that of `fit` for all
  std::size_t blrt_samples = 0;     ///< data sets of each bootstrap test; 0: no test
  double blrt_level = 0.05;         ///< kBlrt: components are added while p <= this
};

/// One number of components.
struct Candidate {
  FitResult fit;
  std::size_t n_parameters = 0;  ///< of its mixture; with groups given these
  Classification classification;
  Criteria criteria;
  GoodnessOfFit goodness_of_fit;
  std::vector<Optimum> optima;
  std::optional<SmoothingChoice> smoothing;  ///< where smoothing_folds asked for it
  std::optional<LikelihoodRatioTest> vlmr;   ///< of the number before it in the list against this one
  std::optional<double> cv_log_likelihood;   ///< cross_validated_log_likelihood, in total
  std::optional<BootstrapTest> blrt;         ///< of the number before it in the list against this one
  std::optional<Agreement> agreement;        ///< where the data has labels
  std::vector<std::string> warnings;         ///< the fit's, optima_warnings, identification_warnings
};

struct Selection {
  std::vector<Candidate> candidates;  ///< in the order of SelectOptions::n_components
  std::size_t best = 0;               ///< position in `candidates`
};

/// Fits each number of components with fit_replicated, and picks the best by the criterion. Labels in the
/// data that neither FitOptions::init nor semi_supervised asks for take no part in the fits. Throws
/// std::invalid_argument for a list that is empty or not ascending, kBlrt without blrt_samples, and as fit().
/// A cancelled fit ends the list after it. Deterministic for a seed, for any number of threads.
Selection select_components(const Dataset& data, const SelectOptions& options);

/// The value of an information criterion. REQUIRES: neither kBlrt nor kCrossValidation.
double value_of(const Criteria& criteria, Criterion criterion);

}  // namespace mixbern
