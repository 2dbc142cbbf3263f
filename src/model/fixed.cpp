#include "mixbern/mixture/fixed.hpp"

#include <algorithm>

namespace mixbern {

bool is_fixed_weight(const Mixture& mixture, std::size_t k) {
  const Ties& ties = mixture.ties();
  return ties.holds_weight(k) || ties.held_weights().size() + 1 >= mixture.n_components();
}

bool is_fixed_probability(const Mixture& mixture, std::size_t k, std::size_t d) {
  const std::size_t position = k * mixture.n_features() + d;
  return std::ranges::any_of(mixture.ties().held(),
                             [&](const auto& held) { return held.position == position; });
}

}  // namespace mixbern
