// Items, covariates and an outcome, estimated together.
#pragma once

#include <Eigen/Dense>

#include "stats/relate/ascent.hpp"
#include "stats/relate/first_step.hpp"
#include "stats/relate/last_step.hpp"

namespace mixbern {

struct OneStep {
  Mixture mixture;             ///< with the mean of P(k | x) as weights
  Ascent ascent;               ///< of the last step's parameters, then the items'
  Eigen::MatrixXd covariance;  ///< of the last step's parameters, by the method that was asked for
  std::size_t n_flat = 0;
  double log_likelihood = 0;  ///< of the answers (and the outcome) given the covariates, without the prior
};

/// From the model's probabilities and the maximum `start` of the last step with them. `evidence` is the
/// answers themselves and follows the probabilities. Probabilities that end at a bound are held for the
/// covariance.
OneStep fit_one_step(const FirstStep& first, const ClassLikelihood& likelihood, Evidence& evidence,
                     const Ascent& start, const RowSample& sample);

}  // namespace mixbern
