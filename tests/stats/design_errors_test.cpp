// Standard errors of the parameters under the design of a survey.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <stdexcept>

#include "support.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double expit(double x) {
  return 1 / (1 + std::exp(-x));
}

// Two components: logits of the first weight and of all probabilities.
VectorXd coordinates(const Mixture& mixture) {
  VectorXd at(static_cast<Index>(mixture.probabilities().size()) + 1);
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  at(0) = logit(mixture.weights()[0]);
  for (Index j = 1; j < at.size(); ++j)
    at(j) = logit(mixture.probabilities()[static_cast<std::size_t>(j - 1)]);
  return at;
}

double log_likelihood_at(const VectorXd& at, const Dataset& data) {
  std::vector<double> theta;
  for (Index j = 1; j < at.size(); ++j) theta.push_back(expit(at(j)));
  return log_likelihood(Mixture({expit(at(0)), expit(-at(0))}, theta), data);
}

VectorXd gradient(const VectorXd& at, const Dataset& data) {
  constexpr double kStep = 1e-4;
  VectorXd result(at.size());
  for (Index j = 0; j < at.size(); ++j) {
    const VectorXd step = kStep * VectorXd::Unit(at.size(), j);
    result(j) = (log_likelihood_at(at + step, data) - log_likelihood_at(at - step, data)) / (2 * kStep);
  }
  return result;
}

MatrixXd hessian(const VectorXd& at, const Dataset& data) {
  constexpr double kStep = 1e-3;
  MatrixXd result(at.size(), at.size());
  for (Index j = 0; j < at.size(); ++j) {
    const VectorXd step = kStep * VectorXd::Unit(at.size(), j);
    result.col(j) = (gradient(at + step, data) - gradient(at - step, data)) / (2 * kStep);
  }
  return result;
}

struct Sample {
  Dataset data = table("values");
  Mixture mixture = fit(data, {.n_components = 2, .tol = 1e-14}).mixture;

  StandardErrors errors(const SurveyDesign& design) const {
    return standard_errors(mixture, data, {.design = design});
  }
};

TEST(DesignErrors, AreThoseOfNumericalScoresByCluster) {
  const Sample sample;
  const VectorXd at = coordinates(sample.mixture);
  SurveyDesign design;
  std::vector<std::vector<std::size_t>> rows(24);  // of each cluster, in four strata
  for (std::size_t i = 0; i < sample.data.n_rows(); ++i) {
    const std::size_t cluster = i / 9;
    design.clusters.push_back(cluster);
    design.strata.push_back(cluster / 6);
    rows[cluster].push_back(i);
  }
  MatrixXd middle = MatrixXd::Zero(at.size(), at.size());
  for (std::size_t h = 0; h < 4; ++h) {
    MatrixXd totals(at.size(), 6);
    for (std::size_t j = 0; j < 6; ++j)
      totals.col(static_cast<Index>(j)) = gradient(at, rows_of(sample.data, rows[6 * h + j]));
    const MatrixXd centred = totals.colwise() - totals.rowwise().mean();
    middle += 1.2 * centred * centred.transpose();
  }
  const MatrixXd inverse = hessian(at, sample.data).inverse();
  const MatrixXd covariance = inverse * middle * inverse;
  const StandardErrors errors = sample.errors(design);
  const double share = sample.mixture.weights()[0];
  EXPECT_NEAR(errors.weights[0], share * (1 - share) * std::sqrt(covariance(0, 0)), 1e-5);
  for (std::size_t j = 0; j < errors.probabilities.size(); ++j) {
    const double theta = sample.mixture.probabilities()[j];
    const auto k = static_cast<Index>(j + 1);
    EXPECT_NEAR(errors.probabilities[j], theta * (1 - theta) * std::sqrt(covariance(k, k)), 1e-5) << j;
  }
  EXPECT_EQ(errors.method, StandardErrorMethod::kSandwich);
  EXPECT_EQ(errors.degrees_of_freedom, 20);
}

TEST(DesignErrors, OfRowsAreTheSandwichWithOneDegreeLess) {
  const Sample sample;
  const std::size_t n = sample.data.n_rows();
  const StandardErrors plain =
      standard_errors(sample.mixture, sample.data, {.method = StandardErrorMethod::kSandwich});
  const StandardErrors by_row = sample.errors({.fpc = std::vector<double>(n, 0.36)});
  const double ratio = std::sqrt(0.64 * static_cast<double>(n) / static_cast<double>(n - 1));
  for (std::size_t j = 0; j < plain.probabilities.size(); ++j)
    EXPECT_NEAR(by_row.probabilities[j], ratio * plain.probabilities[j], 1e-9);
  EXPECT_FALSE(plain.design);
  EXPECT_TRUE(std::isinf(plain.degrees_of_freedom));
}

TEST(DesignErrors, RefuseADesignOfOtherRows) {
  const Sample sample;
  EXPECT_THROW(sample.errors({.clusters = {1, 2, 3}}), std::invalid_argument);
}

TEST(DesignErrors, IntervalsAreWiderWithFewClusters) {
  const Interval normal = logit_interval(.3, .05), wide = logit_interval(.3, .05, .95, 4);
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  EXPECT_NEAR((logit(wide.upper) - logit(.3)) / (logit(normal.upper) - logit(.3)), 2.776445 / 1.959964, 1e-6);
  EXPECT_TRUE(std::isnan(logit_interval(.3, .05, .95, 0).lower));
  EXPECT_NEAR(two_sided_p_value(-1.959964, INFINITY), .05, 1e-7);
  EXPECT_NEAR(two_sided_p_value(2.776445, 4), .05, 1e-7);
  EXPECT_TRUE(std::isnan(two_sided_p_value(2, 0)));
}

}  // namespace
}  // namespace mixbern
