// Inverse of an information matrix that may be flat in some directions.
#pragma once

#include <Eigen/Dense>
#include <cstddef>

#include "stats/identification.hpp"

namespace mixbern {

/// Covariance of the free parameters. Directions without information are left out; what depends on them has
/// no variance.
class Covariance {
 public:
  /// Inverse of `information`, and with `middle` the product inverse · middle · inverse. Neither is scaled.
  Covariance(const Eigen::MatrixXd& information, const Eigen::MatrixXd* middle,
             const Identification& identification);

  /// Variance of parameter `position`; of Σ_j functional_j parameter_j. NaN where it depends on a direction
  /// without information.
  double variance(std::size_t position) const;
  double variance(const Eigen::VectorXd& functional) const;

  /// Generalised inverse of the information.
  Eigen::MatrixXd inverse() const;

  /// gᵀ information⁻¹ g: twice what the objective would still gain if it were a parabola.
  double decrement(const Eigen::VectorXd& gradient) const;

  /// Directions that `information` leaves flat or bent the wrong way although the model is identified there.
  std::size_t n_singular() const { return n_singular_; }

 private:
  Eigen::VectorXd scale_;
  Eigen::MatrixXd inverse_;   // scaled
  Eigen::MatrixXd sandwich_;  // scaled; empty without `middle`
  Eigen::MatrixXd left_out_;  // orthonormal columns
  std::size_t n_singular_ = 0;
};

}  // namespace mixbern
