#include <algorithm>
#include <stdexcept>
#include <utility>

#include "mixbern/fit/group_statistics.hpp"
#include "mixbern/select/grouped.hpp"
#include "select/check.hpp"

namespace mixbern {
namespace {

void check(const SelectOptions& options) {
  check_numbers(options.n_components);
  if (options.blrt_samples > 0 || options.vlmr || options.n_folds > 0 || options.smoothing_folds > 0 ||
      options.criterion == Criterion::kBlrt || options.criterion == Criterion::kCrossValidation) {
    throw std::invalid_argument(
        "tests of neighbours, cross-validation and smoothing by the data know no groups: choose by an "
        "information criterion, such as bic");
  }
}

Candidate candidate(const GroupedModel& model, const Dataset& data, const FitOptions& options) {
  const GroupedStatistics statistics =
      grouped_statistics(model, data, options.estimation, false, options.threads);
  FitResult fit{.mixture = model.joint};
  fit.log_likelihood = model.log_likelihood;
  fit.total_weight = fit.n_informative = statistics.classification.n;
  fit.n_rows = data.n_rows();
  fit.converged = model.converged;
  fit.n_init = model.n_init;
  fit.n_init_at_best = model.n_init_at_best;
  fit.options = options;
  fit.options.watch = nullptr;
  return {.fit = std::move(fit),
          .n_parameters = model.n_parameters,
          .classification = statistics.classification,
          .criteria = statistics.criteria,
          .goodness_of_fit = statistics.fit,
          .optima = {},
          .smoothing = {},
          .vlmr = {},
          .cv_log_likelihood = {},
          .blrt = {},
          .agreement = {},
          .warnings = model.warnings};
}

}  // namespace

GroupedSelection select_groups(const Dataset& data, const FreeItems& free_items,
                               const SelectOptions& options) {
  check(options);
  GroupedSelection found;
  std::vector<Candidate>& candidates = found.selection.candidates;
  for (const std::size_t n_components : options.n_components) {
    begin_part(options.fit.watch,
               "K " + std::to_string(n_components) + " of " + std::to_string(options.n_components.back()));
    FitOptions fit = options.fit;
    fit.n_components = n_components;
    GroupedModel model = fit_groups(data, free_items, fit);
    if (is_cancelled(options.fit.watch)) break;
    candidates.push_back(candidate(model, data, fit));
    found.models.push_back(std::move(model));
  }
  const auto value = [&](const Candidate& one) { return value_of(one.criteria, options.criterion); };
  found.selection.best =
      static_cast<std::size_t>(std::ranges::min_element(candidates, {}, value) - candidates.begin());
  return found;
}

}  // namespace mixbern
