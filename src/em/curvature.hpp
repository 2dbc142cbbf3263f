// First and second derivatives of the objective, for models of few parameters.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/row_source.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "model/prior.hpp"

namespace mixbern {

/// Derivatives of the log-likelihood plus the log prior by log(π_k / π_0), k = 1 … K-1, and
/// log(θ_kd / (1 − θ_kd)), K × D: together p = K − 1 + K · D coordinates. Those of a categorical item are
/// logits of its answers, θ = softmax, of which that of a component's likeliest answer is held.
///
/// By Louis's identity (Journal of the Royal Statistical Society B 44 (1982) 226-233, eq. 3.1) the negative
/// Hessian is the complete-data information less Σ_i w_i Cov(score | x_i). A parameter at 0 or 1 and one of a
/// feature that is held fixed has gradient 0 and information 1, so that it stays. So has all but one of the
/// cells of a parameter (Ties), whose derivatives are added to those of the one. Held weights are not known
/// here. Meant for p up to a hundred
/// or two; O(rows · (p² + K · D²)).
struct Curvature {
  Curvature(const RowSource& rows, const Mixture& mixture, const Prior& prior,
            std::span<const std::size_t> fixed_features);

  std::vector<double> gradient;     ///< [p]
  std::vector<double> information;  ///< negative Hessian, p × p, lower triangle
  std::vector<double> complete;     ///< complete-data information, its diagonal: [p]

 private:
  void add_weights(const Mixture& mixture, const Prior& prior, double n);
  void add_probabilities(const Mixture& mixture, const Prior& prior);
  std::vector<std::size_t> tie_answers(const Mixture& mixture);
  void tie_cells(const Mixture& mixture, std::span<const std::size_t> fixed_features);
  void merge(std::size_t row, std::size_t into);
  void hold_bounds(const Mixture& mixture, std::span<const std::size_t> fixed_features);
  void hold(std::size_t row);
};

}  // namespace mixbern
