// The last step: its estimates, and their covariance with and without the steps before.
#pragma once

#include <Eigen/Dense>

#include "stats/covariance.hpp"
#include "stats/relate/ascent.hpp"
#include "stats/relate/evidence.hpp"
#include "stats/relate/first_step.hpp"
#include "stats/relate/likelihood.hpp"

namespace mixbern {

/// Whose scores are added up, and how rows were drawn.
struct RowSample {
  const Dataset& data;
  const PatternTable& table;
  const Cells& cells;
  const RelateOptions& options;
};

/// Σ over rows of f fᵀ by what weights mean, or its estimate for a survey's design. Row i has w_i times the
/// row of `by_cell` that is its cell's, or that of `by_pattern` where it has none.
Eigen::MatrixXd middle_of(const RowSample& sample, const Eigen::MatrixXd& by_cell,
                          const Eigen::MatrixXd& by_pattern);

/// Inverse of an information matrix, 0 in directions that it leaves flat.
Covariance invert(const Eigen::MatrixXd& information);

/// Covariances of ψ.
struct StepCovariances {
  Eigen::MatrixXd all;   ///< of all steps: stacked, or of two-step `corrected` where rows are independent
  Eigen::MatrixXd last;  ///< sandwich of the last step alone; of two-step its inverse information
  Eigen::MatrixXd corrected;  ///< `last` and what the covariance of the model's parameters adds
  std::size_t n_flat = 0;
};

/// Of an ascent's end. With estimating equations g_i of the last step, s_i of the first and those of D, the
/// row i moves ψ by A⁻¹ (g_i + (∂g/∂η) H⁻¹ s_i + (∂g/∂D) d_i), A the observed information (Newey and McFadden
/// 1994, section 6).
StepCovariances step_covariances(const ClassLikelihood& likelihood, const Ascent& ascent,
                                 const FirstStep& first, const AssignedClasses& classification,
                                 const RowSample& sample);

}  // namespace mixbern
