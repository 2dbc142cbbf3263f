// Information matrices of a mixture in its free parameters.
#pragma once

#include <Eigen/Dense>

#include "model/prior.hpp"
#include "stats/free_parameters.hpp"

namespace mixbern {

/// Σ over patterns, all in the coordinates of FreeParameters.
struct Information {
  Eigen::MatrixXd observed;  ///< − second derivatives of the log-likelihood
  Eigen::MatrixXd outer;     ///< Σ_i factor_i s_i s_iᵀ
  Eigen::VectorXd gradient;  ///< Σ_i w_i s_i
};

/// `outer_factors` has one entry a pattern: its weight, or Σ w² of its rows. O(patterns · count²).
///
/// With complete-data scores u_k of a row in component k and E over its posterior, Louis's identity gives the
/// observed information as Σ_i w_i (E[−∂²] − E[u uᵀ] + E[u] E[u]ᵀ). E[−∂²] is diagonal but for the weights,
/// E[u uᵀ] has one block a component, E[u] is the score: all three are sums of products of matrices.
Information information(const Mixture& mixture, const PatternTable& table, const FreeParameters& free,
                        const std::vector<double>& outer_factors, const PosteriorOptions& options);

/// Adds −∂² of the log prior to `observed`, and its gradient to `gradient`.
void add_prior(const Mixture& mixture, const FreeParameters& free, const Prior& prior, Information& into);

}  // namespace mixbern
