// What the strategies share: random numbers, class means of an assignment.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "em/reducer.hpp"
#include "init/initialise.hpp"

namespace mixbern {

Engine engine_for(const InitRequest& request);

/// θ of one component as `random_start` draws it: [D].
std::vector<double> random_probabilities(std::span<const double> means, Engine& engine);

/// Index i with probability proportional to weights[i]; REQUIRES: a positive sum.
std::size_t draw_index(std::span<const double> weights, Engine& engine);

/// Mixture of the clusters' shares and means, each mean with one more observation at the item mean. Row i
/// belongs to cluster assignment[i]; rows with K or more to none. A cluster without rows gets random
/// probabilities and the weight of one row.
Mixture class_means(const Dataset& data, std::span<const std::uint32_t> assignment,
                    const InitRequest& request, Reducer& reducer);

}  // namespace mixbern
