#include "select/fit_result.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "select/search_rule.hpp"
#include "select/start_kinds.hpp"
#include "select/warnings.hpp"

namespace mixbern {
namespace {

// Of each start; where they are many, of the best.
std::vector<StartTrace> traces_of(const StartsResult& starts, const std::vector<double>& log_likelihoods) {
  constexpr std::size_t kMost = 100;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < starts.runs.size(); ++i) {
    if (starts.runs[i]) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return log_likelihoods[i]; });
  if (order.size() > kMost) order.resize(kMost);
  std::vector<StartTrace> traces(starts.runs.size());
  for (const std::size_t i : order) traces[i] = starts.runs[i]->start_trace();
  return traces;
}

// Where rows are held in the components that their labels name, or constraints name components, they keep
// these names.
std::vector<std::size_t> order_of_components(const Mixture& mixture, const FitOptions& options) {
  if (!options.estimation.semi_supervised && options.constraints.none()) return order_by_weight(mixture);
  std::vector<std::size_t> order(mixture.n_components());
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace

double FitResult::aic() const {
  return -2 * log_likelihood + 2 * static_cast<double>(mixture.n_parameters());
}

double FitResult::bic() const {
  return -2 * log_likelihood + static_cast<double>(mixture.n_parameters()) * std::log(n_informative);
}

double FitResult::mean_log_likelihood() const {
  return total_weight > 0 ? log_likelihood / total_weight : 0;
}

FitResult result_of(const StartsResult& starts, const Plan& plan) {
  const EmRun& best = *starts.runs[starts.best];
  const std::vector<std::size_t> order = order_of_components(best.mixture(), plan.options);
  FitResult result{.mixture = permuted(best.mixture(), order)};
  result.start_components = order;
  result.log_likelihood = best.log_likelihood();
  result.n_iter = best.n_iter();
  // A run that was cut between rounds was cancelled too.
  result.stop_reason = best.stop_reason().value_or(StopReason::kCancelled);
  result.converged = result.stop_reason == StopReason::kTolerance;
  result.n_init = starts.runs.size();
  for (const auto& run : starts.runs) {
    result.log_likelihoods.push_back(run ? run->log_likelihood() : std::numeric_limits<double>::quiet_NaN());
  }
  result.ways = to_string(best.ways());
  result.trace = best.trace();
  result.traces = traces_of(starts, result.log_likelihoods);
  result.total_iterations = starts.total_iterations;
  result.seconds_init = starts.seconds_init;
  result.options = plan.options;
  result.options.n_init = result.n_init;
  result.optimum_margin = plan.small ? kSameOptimum : kSameInRace * std::abs(result.log_likelihood);
  result.start_inits = starts.methods;
  count_reached(result);
  if (plan.small) result.unseen_share = unseen_share(result.log_likelihoods);
  result.options.watch = nullptr;
  result.options.init_model.reset();
  result.warnings = fit_warnings(best, starts, plan);
  return result;
}

void add_warning_of(const Checkpoint& checkpoint, FitResult& result) {
  if (checkpoint.failure().empty()) return;
  result.warnings.push_back("the last checkpoint could not be saved: " + checkpoint.failure());
}

}  // namespace mixbern
