// Sums over the cells of the last step, by statement and by pattern.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "stats/relate/evidence.hpp"
#include "stats/relate/likelihood.hpp"

namespace mixbern {

/// At one ψ of p parameters.
struct TermSums {
  RowMatrix scores = {};  ///< C × p: of each cell, of a weight of 1
  Sensitivity sensitivity = {};
  Eigen::MatrixXd posteriors = {};       ///< T × K: Σ v γ
  std::vector<RowMatrix> products = {};  ///< [K] of T × K: Σ v γ_k γ_l
};
TermSums sum_terms(const ClassLikelihood& likelihood, const Eigen::VectorXd& psi);

}  // namespace mixbern
