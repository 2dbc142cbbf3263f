// Items, covariates and an outcome, estimated together.
#pragma once

#include <Eigen/Dense>
#include <cstddef>

#include "stats/relate/first_step.hpp"
#include "stats/relate/last_step.hpp"

namespace mixbern {

struct OneStep {
  Mixture mixture;             ///< with the mean of P(k | x) as weights
  Eigen::VectorXd last;        ///< the last step's parameters
  Eigen::MatrixXd covariance;  ///< of these, by the method that was asked for
  bool converged = false;
  std::size_t n_iter = 0;
  std::size_t n_flat = 0;
  double log_likelihood = 0;  ///< of the answers (and the outcome) given the covariates, without the prior
};

/// Where the last step begins: its maximum with the model's probabilities, and what the posteriors say.
struct LastStarts {
  Eigen::VectorXd at_model;
  Eigen::VectorXd plain;
};

/// From the model's probabilities and `starts.at_model`, and from `n_more` mixtures around the model, each
/// with the maximum of the last step that `starts.plain` leads to; the best, with its components in the
/// model's order. `evidence` is the answers themselves and follows the probabilities. Probabilities that end
/// at a bound are held for the covariance.
OneStep fit_one_step(const FirstStep& first, const ClassLikelihood& likelihood, Evidence& evidence,
                     const LastStarts& starts, std::size_t n_more, const RowSample& sample);

}  // namespace mixbern
