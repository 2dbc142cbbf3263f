#include "select/warnings.hpp"

#include <cmath>

namespace mixbern {

std::vector<std::string> fit_warnings(const EmRun& best, const StartsResult& starts, const Plan& plan) {
  std::vector<std::string> warnings;
  const auto reason = best.stop_reason().value_or(StopReason::kCancelled);
  if (reason == StopReason::kMaxIterations) {
    const std::string n_iter = std::to_string(best.n_iter());
    warnings.push_back(plan.options.tol == 0
                           ? "ran for all " + n_iter + " iterations, as a tolerance of 0 asks for"
                           : "not converged after " + n_iter +
                                 " iterations: the log-likelihood still grows; allow more iterations or a "
                                 "larger tolerance");
  }
  if (reason == StopReason::kCancelled) {
    warnings.push_back("cancelled after " + std::to_string(best.n_iter()) +
                       " iterations of the best start: this is the best model so far");
  }
  const std::size_t n_empty = best.empty_components().size();
  if (n_empty > 0) {
    warnings.push_back(std::to_string(n_empty) + " of " + std::to_string(plan.options.n_components) +
                       " components lost all their rows: fewer components fit as well");
  }
  if (!std::isfinite(best.log_likelihood())) {
    warnings.emplace_back(
        "some row is impossible under the model (log-likelihood of minus infinity): use smoothing > 0");
  }
  if (starts.runs.size() == 1 && plan.options.init != InitMethod::kLabels &&
      plan.options.init != InitMethod::kModel && plan.options.n_components > 1) {
    warnings.emplace_back("one start only: another start may find a better optimum");
  }
  return warnings;
}

}  // namespace mixbern
