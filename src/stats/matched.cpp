#include "stats/matched.hpp"

#include "mixbern/statistics/agreement.hpp"

namespace mixbern {

std::vector<std::size_t> matching_order(const Mixture& found, const Mixture& mixture) {
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
  return least_cost_assignment(costs, n_components);
}

Mixture matched(const Mixture& found, const Mixture& mixture) {
  return found.ties().none() ? permuted(found, matching_order(found, mixture)) : found;
}

}  // namespace mixbern
