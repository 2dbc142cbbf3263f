// How a method takes the classes on to the last step.
#pragma once

#include <Eigen/Dense>

#include "mixbern/statistics/relate.hpp"
#include "stats/relate/first_step.hpp"
#include "stats/relate/likelihood.hpp"

namespace mixbern {

/// W of each pattern, and how often it is wrong.
struct AssignedClasses {
  Eigen::MatrixXd assigned = {};  ///< M × K W: 1 for the likeliest class, or the posterior
  Eigen::MatrixXd errors = {};    ///< K × K D_ks = Σ γ_ik W_is / Σ γ_ik (Vermunt 2010, eq. 6)
  Eigen::VectorXd sizes = {};     ///< [K] Σ w γ
  double entropy = 0;             ///< 1 − Σ w H(γ) / (N log K)
};
AssignedClasses classify(const FirstStep& first, Assignment assignment);

/// Throws std::invalid_argument where BCH's D has no inverse.
Evidence make_evidence(const FirstStep& first, const AssignedClasses& classification,
                       const RelateOptions& options);

/// How the gradient g of the last step moves with what it was given.
struct Sensitivity {
  /// [K] of T × q each: ∂g / ∂ log P(statement | k).
  std::vector<RowMatrix> by_statement;
  /// [S] of M × q each: ∂g / ∂ factor of a pattern's piece.
  std::vector<RowMatrix> by_factor;
};

/// What the first step adds to g, row by row.
struct Upstream {
  Eigen::MatrixXd by_parameters;  ///< q × p: ∂g / ∂ free parameters of the model, through W and D too
  Eigen::MatrixXd by_errors;      ///< M × q: of a row's own part in D
};
Upstream upstream(const FirstStep& first, const AssignedClasses& classification,
                  const Sensitivity& sensitivity, const RelateOptions& options);

}  // namespace mixbern
