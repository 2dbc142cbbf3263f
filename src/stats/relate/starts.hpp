// Where one-step begins beside the model, and classes in the model's order.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <vector>

#include "mixbern/mixture/mixture.hpp"
#include "stats/relate/likelihood.hpp"

namespace mixbern {

/// `n` mixtures around this one: log-odds of all probabilities, none beyond 0.01 and 0.99, and normal noise
/// of standard deviation 2. Always the same.
std::vector<Mixture> moved_mixtures(const Mixture& mixture, std::size_t n);

/// ψ for components in another order: that in place j was order[j]. Logits compare with the component that
/// now stands at the reference.
Eigen::VectorXd permuted(const Eigen::VectorXd& psi, std::span<const std::size_t> order,
                         const ClassLikelihood& likelihood);

}  // namespace mixbern
