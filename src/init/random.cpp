#include <utility>

#include "init/initialise.hpp"
#include "init/shared.hpp"

namespace mixbern {

Mixture random_start(const Dataset& data, const InitRequest& request) {
  Engine engine = engine_for(request);
  std::vector<double> probabilities;
  probabilities.reserve(request.n_components * data.n_features());
  for (std::size_t k = 0; k < request.n_components; ++k) {
    const std::vector<double> theta = random_probabilities(request.item_means, engine);
    probabilities.insert(probabilities.end(), theta.begin(), theta.end());
  }
  return {std::vector<double>(request.n_components, 1.0), std::move(probabilities), request.items};
}

}  // namespace mixbern
