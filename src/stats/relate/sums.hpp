// Sums over the cells of the last step, by statement and by pattern.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "stats/relate/evidence.hpp"
#include "stats/relate/likelihood.hpp"

namespace mixbern {

/// Of each cell and pattern, at one ψ of p parameters.
struct TermSums {
  RowMatrix scores = {};  ///< C × p: of each cell, of a weight of 1
  Sensitivity sensitivity = {};
};
TermSums sum_terms(const ClassLikelihood& likelihood, const Eigen::VectorXd& psi);

/// Of each statement.
struct StatementSums {
  std::vector<RowMatrix> deviations = {};  ///< [K] of T × p: Sensitivity::by_statement
  Eigen::MatrixXd posteriors = {};         ///< T × K: Σ v γ
  std::vector<RowMatrix> products = {};    ///< [K] of T × K: Σ v γ_k γ_l
};
StatementSums sum_statements(const ClassLikelihood& likelihood, const Eigen::VectorXd& psi);

}  // namespace mixbern
