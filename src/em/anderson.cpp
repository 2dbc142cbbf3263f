#include "em/anderson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "em/cholesky.hpp"

namespace mixbern {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// π, then θ.
std::vector<double> parameters(const Mixture& mixture) {
  std::vector<double> all(mixture.weights().begin(), mixture.weights().end());
  all.insert(all.end(), mixture.probabilities().begin(), mixture.probabilities().end());
  return all;
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  for (std::size_t j = 0; j < a.size(); ++j) result[j] = a[j] - b[j];
  return result;
}

// Complete-data information a row, diagonal.
std::vector<double> information(const Mixture& mixture) {
  constexpr double kLeastVariance = 1e-12;  // of a parameter at 0 or 1, which does not move
  std::vector<double> metric;
  metric.reserve(mixture.n_components() + mixture.probabilities().size());
  for (const double weight : mixture.weights()) metric.push_back(1 / std::max(weight, kLeastVariance));
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const double weight = mixture.weights()[k];
    for (const double p : mixture.probabilities(k))
      metric.push_back(weight / std::max(p * (1 - p), kLeastVariance));
  }
  return metric;
}

double product(const std::vector<double>& a, const std::vector<double>& b,
               const std::vector<double>& metric) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * metric[j] * b[j];
  return sum;
}

// A tenth of the way to the bound at most.
double kept_inside(double proposal, double image) {
  return std::clamp(proposal, 0.1 * image, 1 - 0.1 * (1 - image));
}

}  // namespace

std::size_t Anderson::memory_for(std::size_t n_parameters) {
  constexpr std::size_t kMostSteps = 10;
  constexpr std::size_t kMostNumbers = std::size_t{1} << 19;  // 4 MB
  const std::size_t steps = std::min({kMostSteps, kMostNumbers / (2 * n_parameters), n_parameters});
  return steps < 2 ? 0 : steps;
}

void Anderson::restart() {
  image_steps_.clear();
  residual_steps_.clear();
  last_image_.clear();
  last_residual_.clear();
  oldest_ = 0;
}

// The coefficients γ; empty if there is nothing to extrapolate from.
std::vector<double> Anderson::solve(const std::vector<double>& residual,
                                    const std::vector<double>& metric) const {
  const std::size_t n = residual_steps_.size();
  std::vector<double> matrix(n * n);
  std::vector<double> right(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      matrix[i * n + j] = product(residual_steps_[i], residual_steps_[j], metric);
    }
    right[i] = product(residual_steps_[i], residual, metric);
  }
  // Steps that are nearly dependent would be weighed against each other without end.
  constexpr double kDamping = 1e-14;
  double trace = 0;
  for (std::size_t i = 0; i < n; ++i) trace += matrix[i * n + i];
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] += kDamping * trace;
  if (!solve_positive_definite(matrix, right)) right.clear();
  return right;
}

void Anderson::accepted(double) {
  next_pause_ = std::max<std::size_t>(next_pause_ / 2, 1);
}

void Anderson::rejected() {
  constexpr std::size_t kLongestPause = 64;
  restart();
  pause_ = next_pause_;
  next_pause_ = std::min(2 * next_pause_, kLongestPause);
}

std::optional<Mixture> Anderson::propose(const Mixture& point, const Mixture& image) {
  expected_gain_ = kUnknown;
  if (pause_ > 0) {
    --pause_;
    return std::nullopt;
  }
  std::vector<double> to = parameters(image);
  const std::vector<double> from = parameters(point);
  std::vector<double> residual = difference(to, from);
  if (!last_image_.empty()) {
    if (image_steps_.size() < memory_) {
      image_steps_.push_back(difference(to, last_image_));
      residual_steps_.push_back(difference(residual, last_residual_));
    } else {
      image_steps_[oldest_] = difference(to, last_image_);
      residual_steps_[oldest_] = difference(residual, last_residual_);
      oldest_ = (oldest_ + 1) % memory_;
    }
  }
  const std::vector<double> metric = information(point);
  const std::vector<double> gamma = solve(residual, metric);
  last_image_ = to;
  last_residual_ = residual;
  if (gamma.empty()) return std::nullopt;

  for (std::size_t i = 0; i < gamma.size(); ++i) {
    for (std::size_t j = 0; j < to.size(); ++j) to[j] -= gamma[i] * image_steps_[i][j];
  }
  for (std::size_t j = 0; j < to.size(); ++j) to[j] = kept_inside(to[j], last_image_[j]);
  expected_gain_ = product(residual, difference(to, from), metric) / 2;
  const auto n_components = static_cast<std::ptrdiff_t>(point.n_components());
  return Mixture(std::vector<double>(to.begin(), to.begin() + n_components),
                 std::vector<double>(to.begin() + n_components, to.end()));
}

}  // namespace mixbern
