#include "select/search_rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mixbern {

double unseen_share(std::span<const double> log_likelihoods) {
  double best = -std::numeric_limits<double>::infinity();
  for (const double value : log_likelihoods) best = std::isnan(value) ? best : std::max(best, value);
  double since = 0;
  bool met = false;
  for (const double value : log_likelihoods) {
    if (std::isnan(value)) continue;
    if (met) ++since;
    met = met || value >= best - kSameOptimum;
  }
  return since > 0 ? 1 - std::pow(0.05, 1 / since) : 1;
}

}  // namespace mixbern
