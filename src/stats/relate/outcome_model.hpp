// The density of an outcome given the class.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <span>

#include "mixbern/statistics/relate.hpp"

namespace mixbern {

/// Parameters of one class: mean and log variance; or log-odds of each category but the first against the
/// first; or the log of a Poisson mean. As moments, which weights below 0 need: the mean, or the share of
/// each category but the first, by least squares.
class OutcomeModel {
 public:
  /// Of the values that it is to be fitted to; `n_categories` only counts where it is nominal. A variance
  /// stays above a millionth of that of all values, below which a likelihood has no bound.
  OutcomeModel(OutcomeKind kind, std::size_t n_categories, bool as_moments, const Eigen::VectorXd& values,
               const Eigen::VectorXd& weights);

  Eigen::Index n_parameters() const;
  double log_density(double z, const double* phi) const;
  /// ∂ log density / ∂ phi, [n_parameters()].
  void score(double z, const double* phi, double* into) const;
  /// Adds −weight · ∂² log density.
  void add_curvature(double z, const double* phi, double weight, Eigen::Ref<Eigen::MatrixXd> into) const;
  /// The estimate for weighted values, drawn a little inwards where it could lie at a bound.
  Eigen::VectorXd estimate(const Eigen::VectorXd& values, const Eigen::VectorXd& weights) const;
  bool at_least_variance(const double* phi) const;

  /// What people read: the mean, or the probability of each category but the first; and its derivatives by
  /// phi, a row each.
  Eigen::VectorXd means(const double* phi) const;
  Eigen::MatrixXd slopes(const double* phi) const;

 private:
  double log_variance(const double* phi) const;
  /// Of a category, the first of which has none.
  Eigen::VectorXd category_probabilities(const double* phi) const;

  /// What the moments are of: the value, or whether it is a category.
  double moment(double z, Eigen::Index j) const;

  OutcomeKind kind_;
  std::size_t n_categories_;
  bool as_moments_;
  double least_variance_ = 0;
};

}  // namespace mixbern
