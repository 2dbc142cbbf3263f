// The maximum of a likelihood with missing data by damped Newton steps.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <functional>

#include "stats/relate/likelihood.hpp"

namespace mixbern {

struct Objective {
  std::function<double(const Eigen::VectorXd&)> value;
  std::function<Derivatives(const Eigen::VectorXd&)> derivatives;
  /// Where there is no maximum any more; may be empty.
  std::function<bool(const Eigen::VectorXd&)> is_beyond = {};
};

/// `likelihood` is kept by reference.
Objective objective_of(const ClassLikelihood& likelihood);

struct Ascent {
  Eigen::VectorXd psi;
  Derivatives at;  ///< there
  bool converged = false;
  std::size_t n_iter = 0;
};

/// From `start`. A step solves (complete − (1 − t) missing) s = gradient with the smallest damping t that
/// makes the matrix positive definite, t = 1 being an EM step to first order, and is halved until it climbs.
/// Converged where the Newton decrement says that no more than 1e-10 nats are to come; ended without where
/// `is_beyond`.
Ascent ascend(const Objective& objective, const Eigen::VectorXd& start, std::size_t max_iter);

}  // namespace mixbern
