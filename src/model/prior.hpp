// Pseudo-counts: what a fit assumes before it has seen a row.
#pragma once

#include <cstddef>
#include <span>

namespace mixbern {

/// Dirichlet(1 + a) for the weights and Beta(1 + 2a m_d, 1 + 2a (1 − m_d)) for the probabilities of feature d
/// in every component, Dirichlet(1 + C a m) for those of an item of C answers. Its logarithm, up to a
/// constant, is a times Σ_k log π_k + Σ_kd (2 m_d log θ_kd + 2 (1 − m_d) log(1 − θ_kd)).
struct Prior {
  double strength = 0;                 ///< a
  std::span<const double> means = {};  ///< m, [D], strictly between 0 and 1, not owned; empty: all 1 / C

  /// Of a feature of an item of so many answers.
  double mean(std::size_t d, double n_answers) const { return means.empty() ? 1 / n_answers : means[d]; }
};

}  // namespace mixbern
