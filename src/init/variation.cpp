#include <algorithm>
#include <utility>
#include <vector>

#include "init/initialise.hpp"
#include "init/shared.hpp"

namespace mixbern {

Mixture varied_start(const Mixture& base, const InitRequest& request) {
  constexpr double kOffBound = 0.01;
  Engine engine = engine_for(request);
  const std::size_t n_components = base.n_components(), n_features = base.n_features();
  const double share = 1 / static_cast<double>(n_components);
  const std::vector<double> equal(n_components, 1.0);
  const std::size_t replaced = draw_index(equal, engine);
  std::vector<double> weights(base.weights().begin(), base.weights().end());
  for (double& weight : weights) weight = std::max(weight, kOffBound * share);
  weights[replaced] = share;
  std::vector<double> probabilities(base.probabilities().begin(), base.probabilities().end());
  const auto first = probabilities.begin() + static_cast<std::ptrdiff_t>(replaced * n_features);
  std::generate_n(first, n_features, [&engine] { return uniform(engine); });
  for (double& theta : probabilities) theta = std::clamp(theta, kOffBound, 1 - kOffBound);
  return {std::move(weights), std::move(probabilities), base.items()};
}

}  // namespace mixbern
