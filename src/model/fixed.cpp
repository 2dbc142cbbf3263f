#include "mixbern/mixture/fixed.hpp"

namespace mixbern {

bool is_fixed_weight(const Mixture& mixture, std::size_t k) {
  const Ties& ties = mixture.ties();
  return mixture.n_components() == 1 || ties.holds_weight(k) || ties.fixes_all_weights();
}

std::vector<bool> fixed_probabilities(const Mixture& mixture) {
  std::vector<bool> fixed(mixture.probabilities().size(), false);
  for (const auto& held : mixture.ties().held()) fixed[held.position] = true;
  return fixed;
}

}  // namespace mixbern
