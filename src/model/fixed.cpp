#include "mixbern/mixture/fixed.hpp"

#include <algorithm>

namespace mixbern {

bool is_fixed_weight(const Mixture& mixture, std::size_t k) {
  const Ties& ties = mixture.ties();
  return mixture.n_components() == 1 || ties.holds_weight(k) || ties.fixes_all_weights();
}

bool is_fixed_probability(const Mixture& mixture, std::size_t k, std::size_t d) {
  const std::size_t position = k * mixture.n_features() + d;
  return std::ranges::any_of(mixture.ties().held(),
                             [&](const auto& held) { return held.position == position; });
}

}  // namespace mixbern
