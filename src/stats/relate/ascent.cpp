#include "stats/relate/ascent.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNoMoreToCome = 1e-10;
// Of a value's size: what rounding may take off it.
constexpr double kRounding = 1e-13;
constexpr std::size_t kMostHalvings = 40;
// Of a standardised matrix: below, a direction counts as flat.
constexpr double kFlat = 1e-13;
constexpr std::array kDampings = {0.0, 0.01, 0.1, 0.3, 0.6, 0.9, 1.0};

// Along the scaled gradient where no damping makes the matrix positive definite.
VectorXd direction(const Derivatives& at) {
  const VectorXd scale = at.complete.diagonal().cwiseAbs().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  for (const double damping : kDampings) {
    const MatrixXd matrix = at.complete - (1 - damping) * at.missing;
    const Eigen::LLT<MatrixXd> factor(scale.asDiagonal() * matrix * scale.asDiagonal());
    if (factor.info() != Eigen::Success || !(factor.rcond() > kFlat)) continue;
    const VectorXd right = scale.asDiagonal() * at.gradient;
    return scale.asDiagonal() * factor.solve(right);
  }
  return scale.cwiseAbs2().asDiagonal() * at.gradient;
}

// The first of `step`, its half, its quarter … that does not fall; false where none does.
bool climb(const Objective& objective, const VectorXd& step, Ascent& ascent, std::size_t& halvings) {
  const double least = ascent.at.value - kRounding * std::abs(ascent.at.value);
  Derivatives whole = objective.derivatives(ascent.psi + step);
  halvings = 0;
  if (whole.value >= least) {
    ascent.psi += step;
    ascent.at = std::move(whole);
    return true;
  }
  for (double length = 0.5; ++halvings < kMostHalvings; length /= 2) {
    const VectorXd tried = ascent.psi + length * step;
    if (!(objective.value(tried) >= least)) continue;
    ascent.psi = tried;
    ascent.at = objective.derivatives(tried);
    return true;
  }
  return false;
}

}  // namespace

Objective objective_of(const ClassLikelihood& likelihood) {
  return {.value = [&](const VectorXd& psi) { return likelihood.value(psi); },
          .derivatives = [&](const VectorXd& psi) { return likelihood.derivatives(psi); },
          .is_beyond = [&](const VectorXd& psi) { return likelihood.is_beyond(psi); }};
}

Ascent ascend(const Objective& objective, const VectorXd& start, std::size_t max_iter) {
  Ascent result{.psi = start, .at = objective.derivatives(start)};
  while (result.n_iter < max_iter) {
    const VectorXd step = direction(result.at);
    const double to_come = 0.5 * step.dot(result.at.gradient);
    if (std::isnan(to_come)) return result;
    ++result.n_iter;
    std::size_t halvings = 0;
    if (!climb(objective, step, result, halvings)) {
      result.converged = to_come < 1e4 * kNoMoreToCome;
      return result;
    }
    if (objective.is_beyond && objective.is_beyond(result.psi)) return result;
    if (to_come < kNoMoreToCome && halvings == 0) {
      result.converged = true;
      return result;
    }
  }
  return result;
}

}  // namespace mixbern
