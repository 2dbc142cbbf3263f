#include "select/matched.hpp"

#include <vector>

#include "mixbern/statistics/agreement.hpp"

namespace mixbern {

Mixture matched(const Mixture& found, const Mixture& mixture) {
  if (!found.ties().none()) return found;
  const std::size_t n_components = mixture.n_components();
  std::vector<double> costs(n_components * n_components, 0.0);
  for (std::size_t a = 0; a < n_components; ++a) {
    for (std::size_t b = 0; b < n_components; ++b) {
      for (std::size_t d = 0; d < mixture.n_features(); ++d) {
        const double difference = mixture.probabilities(a)[d] - found.probabilities(b)[d];
        costs[a * n_components + b] += difference * difference;
      }
    }
  }
  return permuted(found, least_cost_assignment(costs, n_components));
}

}  // namespace mixbern
