#include "mixbern/select/selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "data/names.hpp"
#include "mixbern/select/cross_validation.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "select/check.hpp"

namespace mixbern {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr Names<Criterion, 9> kNames{{{Criterion::kAic, "aic"},
                                      {Criterion::kAic3, "aic3"},
                                      {Criterion::kBic, "bic"},
                                      {Criterion::kSabic, "sabic"},
                                      {Criterion::kCaic, "caic"},
                                      {Criterion::kIclBic, "icl-bic"},
                                      {Criterion::kAwe, "awe"},
                                      {Criterion::kBlrt, "blrt"},
                                      {Criterion::kCrossValidation, "cv"}}};

void check(const SelectOptions& options) {
  refuse_constraints(options.fit.constraints, "a choice of the number of components");
  check_numbers(options.n_components);
  if (options.criterion == Criterion::kBlrt && options.blrt_samples == 0)
    throw std::invalid_argument("choosing by the bootstrap test needs a number of data sets for it");
  if (options.criterion == Criterion::kCrossValidation && options.n_folds == 0)
    throw std::invalid_argument("choosing by cross-validation needs a number of folds");
  if ((options.blrt_samples > 0 || options.vlmr) &&
      options.fit.estimation.weights_kind == WeightsKind::kSampling) {
    throw std::invalid_argument(
        "the tests of neighbours know no sampling weights, with which the statistic varies more than where "
        "chances are equal: choose by BIC or cross-validation");
  }
}

// What nobody waits for who has cancelled.
Classification unknown_classification(const FitResult& fit) {
  const std::size_t n_components = fit.mixture.n_components();
  return {.n = fit.n_informative,
          .uncertainty = kNaN,
          .entropy = kNaN,
          .entropy_r2 = kNaN,
          .error = kNaN,
          .sizes_by_posterior = std::vector<double>(n_components, kNaN),
          .sizes_by_mode = std::vector<double>(n_components, kNaN),
          .average_posteriors = std::vector<double>(n_components * n_components, kNaN)};
}

GoodnessOfFit unknown_goodness_of_fit(const FitResult& fit) {
  constexpr TestStatistic kUnknown{kNaN, kNaN};
  return {.n = fit.n_informative,
          .n_cells = kNaN,
          .degrees_of_freedom = kNaN,
          .g2 = kUnknown,
          .x2 = kUnknown,
          .cressie_read = kUnknown};
}

// What takes passes over all rows besides the fit.
void describe(const Dataset& data, Watch* watch, Candidate& result) {
  const FitResult& fit = result.fit;
  const Estimation& estimation = fit.options.estimation;
  const PosteriorOptions posterior{.threads = fit.threads, .semi_supervised = estimation.semi_supervised};
  result.classification =
      is_cancelled(watch) ? unknown_classification(fit) : classification(fit.mixture, data, posterior);
  result.criteria = criteria(fit.log_likelihood, fit.mixture.n_parameters(), result.classification.n,
                             result.classification.uncertainty);
  result.goodness_of_fit =
      is_cancelled(watch) ? unknown_goodness_of_fit(fit) : goodness_of_fit(fit.mixture, data, posterior);
  if (is_cancelled(watch)) {
    result.warnings.emplace_back("cancelled before all statistics were known");
    return;
  }
  const StandardErrorOptions errors{.estimation = estimation, .threads = fit.threads};
  for (auto& warning : identification_warnings(fit.mixture, data, errors))
    result.warnings.push_back(std::move(warning));
}

Candidate candidate(const Dataset& data, const SelectOptions& options, std::size_t n_components) {
  FitOptions fit_options = options.fit;
  fit_options.n_components = n_components;
  std::optional<SmoothingChoice> smoothing;
  if (options.smoothing_folds > 0) {
    smoothing = choose_smoothing(data, fit_options, options.smoothing_folds);
    fit_options.estimation.smoothing = smoothing->smoothing;
  }
  Candidate result{.fit = fit_replicated(data, fit_options, options.replication),
                   .n_parameters = 0,
                   .classification = {},
                   .criteria = {},
                   .goodness_of_fit = {},
                   .optima = {},
                   .smoothing = std::move(smoothing),
                   .vlmr = {},
                   .cv_log_likelihood = {},
                   .blrt = {},
                   .agreement = {},
                   .warnings = {}};
  result.n_parameters = result.fit.mixture.n_parameters();
  result.optima = distinct_optima(result.fit.log_likelihoods, result.fit.optimum_margin);
  result.warnings = result.fit.warnings;
  if (result.smoothing) {
    for (const auto& warning : result.smoothing->warnings) result.warnings.push_back(warning);
  }
  for (auto& warning : optima_warnings(result.fit)) result.warnings.push_back(std::move(warning));
  describe(data, options.fit.watch, result);
  return result;
}

bool takes_labels(const FitOptions& options) {
  return options.estimation.semi_supervised || options.init == InitMethod::kLabels;
}

BootstrapOptions bootstrap_options(const SelectOptions& options, const Candidate& candidate) {
  return {.n_samples = options.blrt_samples,
          .seed = options.fit.seed,
          .threads = options.fit.threads,
          .estimation = candidate.fit.options.estimation,
          .watch = options.fit.watch};
}

void tell_part(std::size_t n_components, const SelectOptions& options) {
  begin_part(options.fit.watch,
             "K " + std::to_string(n_components) + " of " + std::to_string(options.n_components.back()));
}

// Adding components while the test says so; a list that goes on after the first that is not needed is
// ignored.
std::size_t best_by_test(const std::vector<Candidate>& candidates, double level) {
  std::size_t best = 0;
  while (best + 1 < candidates.size() && candidates[best + 1].blrt &&
         candidates[best + 1].blrt->p_value <= level)
    ++best;
  return best;
}

std::size_t best_of(const std::vector<Candidate>& candidates, const SelectOptions& options) {
  if (options.criterion == Criterion::kBlrt) return best_by_test(candidates, options.blrt_level);
  if (options.criterion == Criterion::kCrossValidation) {
    const auto held_out = [](const Candidate& c) { return c.cv_log_likelihood.value_or(-HUGE_VAL); };
    return static_cast<std::size_t>(std::ranges::max_element(candidates, {}, held_out) - candidates.begin());
  }
  const auto value = [&](const Candidate& c) {
    const double criterion = value_of(c.criteria, options.criterion);
    return std::isfinite(criterion) ? criterion : HUGE_VAL;
  };
  return static_cast<std::size_t>(std::ranges::min_element(candidates, {}, value) - candidates.begin());
}

// Each candidate against the one before it.
void add_vlmr(const Dataset& data, const SelectOptions& options, std::vector<Candidate>& candidates) {
  for (std::size_t i = 1; i < candidates.size() && !is_cancelled(options.fit.watch); ++i) {
    candidates[i].vlmr = likelihood_ratio_test(candidates[i - 1].fit.mixture, candidates[i].fit.mixture, data,
                                               {.threads = options.fit.threads});
  }
}

void add_blrt(const Dataset& data, const SelectOptions& options, std::vector<Candidate>& candidates) {
  for (std::size_t i = 1; i < candidates.size() && !is_cancelled(options.fit.watch); ++i) {
    const Candidate& smaller = candidates[i - 1];
    Candidate& larger = candidates[i];
    tell_part(larger.fit.mixture.n_components(), options);
    BootstrapOptions bootstrap = bootstrap_options(options, larger);
    bootstrap.null_smoothing = smaller.fit.options.estimation.smoothing;
    larger.blrt = bootstrap_likelihood_ratio_test(smaller.fit.mixture, larger.fit.mixture, data, bootstrap);
  }
}

}  // namespace

std::string_view to_string(Criterion criterion) {
  return name_of(kNames, criterion);
}

std::optional<Criterion> criterion_from_string(std::string_view name) {
  return value_named(kNames, name);
}

double value_of(const Criteria& criteria, Criterion criterion) {
  switch (criterion) {
    case Criterion::kAic:
      return criteria.aic;
    case Criterion::kAic3:
      return criteria.aic3;
    case Criterion::kBic:
      return criteria.bic;
    case Criterion::kSabic:
      return criteria.sabic;
    case Criterion::kCaic:
      return criteria.caic;
    case Criterion::kIclBic:
      return criteria.icl_bic;
    case Criterion::kAwe:
      return criteria.awe;
    case Criterion::kBlrt:
    case Criterion::kCrossValidation:
      break;
  }
  throw std::invalid_argument("only information criteria are numbers of one model");
}

Selection select_components(const Dataset& data, const SelectOptions& options) {
  check(options);
  if (!data.labels.empty() && !takes_labels(options.fit)) {
    Dataset unlabelled = data;
    unlabelled.labels.clear();
    Selection selection = select_components(unlabelled, options);
    for (Candidate& candidate : selection.candidates)
      candidate.agreement = agreement(candidate.fit.mixture, data, {.threads = options.fit.threads});
    return selection;
  }
  Selection selection;
  Watch* watch = options.fit.watch;
  for (const std::size_t n_components : options.n_components) {
    tell_part(n_components, options);
    selection.candidates.push_back(candidate(data, options, n_components));
    Candidate& last = selection.candidates.back();
    if (last.fit.stop_reason == StopReason::kCancelled || is_cancelled(watch)) break;
    if (options.n_folds == 0) continue;
    const double held_out = cross_validated_log_likelihood(last.fit.mixture, data, options.n_folds,
                                                           bootstrap_options(options, last));
    if (!std::isnan(held_out)) last.cv_log_likelihood = held_out;
  }
  if (options.vlmr) add_vlmr(data, options, selection.candidates);
  if (options.blrt_samples > 0) add_blrt(data, options, selection.candidates);
  selection.best = best_of(selection.candidates, options);
  return selection;
}

}  // namespace mixbern
