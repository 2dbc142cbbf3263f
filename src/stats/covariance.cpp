#include "stats/covariance.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Relative eigenvalue of an information matrix that counts as 0, and the share of a left-out direction in a
// functional that is rounding.
constexpr double kSingular = 1e-9;
constexpr double kShare = 1e-5;

}  // namespace

Covariance::Covariance(const MatrixXd& information, const MatrixXd* middle,
                       const Identification& identification)
    : scale_(information.diagonal().cwiseAbs().cwiseMax(1e-300).cwiseSqrt()) {
  const Eigen::Index p = information.rows();
  const VectorXd inverse_scale = scale_.cwiseInverse();
  const MatrixXd scaled = inverse_scale.asDiagonal() * information * inverse_scale.asDiagonal();
  MatrixXd steep = MatrixXd::Identity(p, p);
  if (identification.flat.cols() > 0) {
    // Flat directions in these coordinates, and what is orthogonal to them.
    const VectorXd change = scale_.array() / identification.scale.array();
    const MatrixXd flat = change.asDiagonal() * identification.flat;
    const Eigen::HouseholderQR<MatrixXd> qr(flat);
    const MatrixXd basis = qr.householderQ() * MatrixXd::Identity(p, p);
    left_out_ = basis.leftCols(flat.cols());
    steep = basis.rightCols(p - flat.cols());
  }
  const MatrixXd inner = steep.transpose() * scaled * steep;
  const Eigen::LLT<MatrixXd> factor(inner);
  if (factor.info() == Eigen::Success && factor.rcond() > kSingular) {
    inverse_ = steep * factor.solve(steep.transpose());
  } else {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(inner);
    const double largest = eigen.eigenvalues().cwiseAbs().maxCoeff();
    const Eigen::Index n_left = (eigen.eigenvalues().array() <= kSingular * largest).count();
    n_singular_ = static_cast<std::size_t>(n_left);
    const MatrixXd kept = steep * eigen.eigenvectors().rightCols(inner.rows() - n_left);
    const VectorXd values = eigen.eigenvalues().tail(inner.rows() - n_left);
    inverse_ = kept * values.cwiseInverse().asDiagonal() * kept.transpose();
    MatrixXd all(p, left_out_.cols() + n_left);
    if (left_out_.cols() > 0) all.leftCols(left_out_.cols()) = left_out_;
    all.rightCols(n_left) = steep * eigen.eigenvectors().leftCols(n_left);
    left_out_ = std::move(all);
  }
  if (middle != nullptr) {
    const MatrixXd scaled_middle = inverse_scale.asDiagonal() * *middle * inverse_scale.asDiagonal();
    sandwich_ = inverse_ * scaled_middle * inverse_;
  }
}

double Covariance::variance(std::size_t position) const {
  const auto j = static_cast<Eigen::Index>(position);
  if (left_out_.cols() > 0 && left_out_.row(j).norm() > kShare) return kNaN;
  const MatrixXd& covariance = sandwich_.size() > 0 ? sandwich_ : inverse_;
  return covariance(j, j) / (scale_(j) * scale_(j));
}

double Covariance::variance(const VectorXd& functional) const {
  const VectorXd scaled = (functional.array() / scale_.array()).matrix();
  if (left_out_.cols() > 0 && (left_out_.transpose() * scaled).norm() > kShare * scaled.norm()) return kNaN;
  const MatrixXd& covariance = sandwich_.size() > 0 ? sandwich_ : inverse_;
  return scaled.dot(covariance * scaled);
}

MatrixXd Covariance::inverse() const {
  const VectorXd inverse_scale = scale_.cwiseInverse();
  return inverse_scale.asDiagonal() * inverse_ * inverse_scale.asDiagonal();
}

double Covariance::decrement(const VectorXd& gradient) const {
  const VectorXd scaled = (gradient.array() / scale_.array()).matrix();
  return scaled.dot(inverse_ * scaled);
}

}  // namespace mixbern
