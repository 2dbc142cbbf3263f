// Tests of linear hypotheses.
#pragma once

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "mixbern/relate.hpp"

namespace mixbern {

/// rᵀ V⁻¹ r for r = 0, on as many degrees of freedom as V has rank.
RelateTest wald_test(std::string name, const Eigen::VectorXd& estimates, const Eigen::MatrixXd& covariance);

/// Benjamini and Hochberg, JRSS B 57 (1995) 289-300, over the tests from `first` on.
void adjust_p_values(std::vector<RelateTest>& tests, std::size_t first);

}  // namespace mixbern
