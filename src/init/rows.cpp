#include <utility>

#include "init/initialise.hpp"
#include "init/shared.hpp"

namespace mixbern {

Mixture rows_start(const Dataset& data, const InitRequest& request) {
  Engine engine = engine_for(request);
  std::vector<double> left(data.n_rows());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = data.weight(i);
  std::vector<double> probabilities;
  probabilities.reserve(request.n_components * data.n_features());
  for (std::size_t k = 0; k < request.n_components; ++k) {
    const std::size_t row = draw_index(left, engine);
    if (left[row] <= 0) {
      const std::vector<double> theta = random_probabilities(request.item_means, engine);
      probabilities.insert(probabilities.end(), theta.begin(), theta.end());
      continue;
    }
    left[row] = 0;
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      const double mean = request.item_means[d];
      const bool missing = data.missing && test(*data.missing, row, d);
      const double value = missing ? mean : static_cast<double>(test(data.ones, row, d));
      probabilities.push_back((value + mean) / 2);
    }
  }
  return {std::vector<double>(request.n_components, 1.0), std::move(probabilities), request.items};
}

}  // namespace mixbern
