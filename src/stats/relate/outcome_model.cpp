#include "stats/relate/outcome_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kLeastShareOfVariance = 1e-6;

// Σ weight f(value) over values that are there.
template <class Function>
double sum_over(const VectorXd& values, const VectorXd& weights, const Function& f) {
  double sum = 0;
  for (Index i = 0; i < values.size(); ++i) {
    if (!std::isnan(values(i))) sum += weights(i) * f(values(i));
  }
  return sum;
}

}  // namespace

OutcomeModel::OutcomeModel(OutcomeKind kind, std::size_t n_categories, bool as_moments,
                           const VectorXd& values, const VectorXd& weights)
    : kind_(kind), n_categories_(n_categories), as_moments_(as_moments) {
  const double n = sum_over(values, weights, [](double) { return 1.0; });
  const double mean = sum_over(values, weights, [](double z) { return z; }) / n;
  const double variance = sum_over(values, weights, [&](double z) { return (z - mean) * (z - mean); }) / n;
  least_variance_ = kLeastShareOfVariance * (variance > 0 ? variance : 1.0);
}

Index OutcomeModel::n_parameters() const {
  if (kind_ == OutcomeKind::kNominal) return static_cast<Index>(n_categories_) - 1;
  return kind_ == OutcomeKind::kCount || as_moments_ ? 1 : 2;
}

double OutcomeModel::moment(double z, Index j) const {
  if (kind_ != OutcomeKind::kNominal) return z;
  return static_cast<Index>(z) == j + 1 ? 1.0 : 0.0;
}

double OutcomeModel::log_variance(const double* phi) const {
  return std::max(phi[1], std::log(least_variance_));
}

bool OutcomeModel::at_least_variance(const double* phi) const {
  return kind_ == OutcomeKind::kContinuous && !as_moments_ && phi[1] <= std::log(least_variance_);
}

VectorXd OutcomeModel::category_probabilities(const double* phi) const {
  VectorXd p(static_cast<Index>(n_categories_));
  p(0) = 0;
  for (Index c = 1; c < p.size(); ++c) p(c) = phi[c - 1];
  p = (p.array() - p.maxCoeff()).exp().matrix();
  return p / p.sum();
}

double OutcomeModel::log_density(double z, const double* phi) const {
  if (std::isnan(z)) return 0;
  if (as_moments_) {
    double squares = 0;
    for (Index j = 0; j < n_parameters(); ++j) squares += std::pow(moment(z, j) - phi[j], 2);
    return -0.5 * squares;
  }
  switch (kind_) {
    case OutcomeKind::kContinuous: {
      const double log_variance = this->log_variance(phi);
      const double distance = z - phi[0];
      return -0.5 *
             (std::log(2 * std::numbers::pi) + log_variance + distance * distance * std::exp(-log_variance));
    }
    case OutcomeKind::kCount:
      return z * phi[0] - std::exp(phi[0]) - std::lgamma(z + 1);
    case OutcomeKind::kNominal:
      break;
  }
  return std::log(category_probabilities(phi)(static_cast<Index>(z)));
}

void OutcomeModel::score(double z, const double* phi, double* into) const {
  if (std::isnan(z)) {
    std::fill_n(into, n_parameters(), 0.0);
  } else if (as_moments_) {
    for (Index j = 0; j < n_parameters(); ++j) into[j] = moment(z, j) - phi[j];
  } else if (kind_ == OutcomeKind::kContinuous) {
    const double precision = std::exp(-log_variance(phi));
    const double distance = z - phi[0];
    into[0] = distance * precision;
    into[1] = at_least_variance(phi) ? 0 : 0.5 * (distance * distance * precision - 1);
  } else if (kind_ == OutcomeKind::kCount) {
    into[0] = z - std::exp(phi[0]);
  } else {
    const VectorXd p = category_probabilities(phi);
    for (Index c = 1; c < p.size(); ++c) into[c - 1] = (static_cast<Index>(z) == c ? 1.0 : 0.0) - p(c);
  }
}

void OutcomeModel::add_curvature(double z, const double* phi, double weight,
                                 Eigen::Ref<MatrixXd> into) const {
  if (std::isnan(z)) return;
  if (as_moments_) {
    into.diagonal().array() += weight;
  } else if (kind_ == OutcomeKind::kContinuous) {
    const double precision = std::exp(-log_variance(phi));
    const double distance = z - phi[0];
    into(0, 0) += weight * precision;
    if (at_least_variance(phi)) {
      into(1, 1) += weight;
      return;
    }
    into(0, 1) += weight * distance * precision;
    into(1, 0) += weight * distance * precision;
    into(1, 1) += weight * 0.5 * distance * distance * precision;
  } else if (kind_ == OutcomeKind::kCount) {
    into(0, 0) += weight * std::exp(phi[0]);
  } else {
    const VectorXd p = category_probabilities(phi).tail(n_parameters());
    into.diagonal() += weight * p;
    into -= weight * p * p.transpose();
  }
}

VectorXd OutcomeModel::estimate(const VectorXd& values, const VectorXd& weights) const {
  VectorXd phi = VectorXd::Zero(n_parameters());
  const double n = sum_over(values, weights, [](double) { return 1.0; });
  const double mean = sum_over(values, weights, [](double z) { return z; }) / n;
  if (as_moments_) {
    for (Index j = 0; j < phi.size(); ++j)
      phi(j) = sum_over(values, weights, [&](double z) { return moment(z, j); }) / n;
  } else if (kind_ == OutcomeKind::kContinuous) {
    const double variance = sum_over(values, weights, [&](double z) { return (z - mean) * (z - mean); }) / n;
    phi << mean, std::log(std::max(variance, least_variance_));
  } else if (kind_ == OutcomeKind::kCount) {
    phi << std::log(std::max(mean, 0.5 / std::max(n, 1.0)));
  } else {
    const auto count = [&](Index c) {
      return 0.5 +
             sum_over(values, weights, [&](double z) { return static_cast<Index>(z) == c ? 1.0 : 0.0; });
    };
    for (Index j = 0; j < phi.size(); ++j) phi(j) = std::log(count(j + 1) / count(0));
  }
  return phi;
}

VectorXd OutcomeModel::means(const double* phi) const {
  const bool nominal = kind_ == OutcomeKind::kNominal;
  if (as_moments_) return Eigen::Map<const VectorXd>(phi, n_parameters());
  if (nominal) return category_probabilities(phi).tail(n_parameters());
  return VectorXd::Constant(1, kind_ == OutcomeKind::kCount ? std::exp(phi[0]) : phi[0]);
}

MatrixXd OutcomeModel::slopes(const double* phi) const {
  const VectorXd mean = means(phi);
  MatrixXd slopes = MatrixXd::Identity(mean.size(), n_parameters());
  if (as_moments_ || kind_ == OutcomeKind::kContinuous) return slopes;
  if (kind_ == OutcomeKind::kCount) return slopes * mean(0);
  slopes = mean.asDiagonal();
  return slopes - mean * mean.transpose();
}

}  // namespace mixbern
