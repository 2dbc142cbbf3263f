// Tests of linear hypotheses.
#pragma once

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "mixbern/statistics/relate.hpp"

namespace mixbern {

/// rᵀ V⁻¹ r for r = 0, on as many degrees of freedom as V has rank.
RelateTest wald_test(std::string name, const Eigen::VectorXd& estimates, const Eigen::MatrixXd& covariance);

/// Equal means of all components, and of more than two each pair, whose p-values are adjusted (Benjamini and
/// Hochberg, JRSS B 57 (1995) 289-300). `means` has as many of each component, one component after the other.
std::vector<RelateTest> test_means(const Eigen::VectorXd& means, std::size_t n_components,
                                   const Eigen::MatrixXd& covariance);

}  // namespace mixbern
