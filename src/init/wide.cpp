#include <algorithm>
#include <utility>
#include <vector>

#include "init/initialise.hpp"
#include "init/shared.hpp"

namespace mixbern {

Mixture wide_start(const Dataset& data, const InitRequest& request) {
  constexpr double kOffBound = 1e-12;
  Engine engine = engine_for(request);
  std::vector<double> probabilities(request.n_components * data.n_features());
  for (double& theta : probabilities) theta = std::clamp(uniform(engine), kOffBound, 1 - kOffBound);
  return {std::vector<double>(request.n_components, 1.0), std::move(probabilities), request.items};
}

}  // namespace mixbern
