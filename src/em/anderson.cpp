#include "em/anderson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "em/cholesky.hpp"

namespace mixbern {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// π, then θ.
void copy_parameters(const Mixture& mixture, std::vector<double>& all) {
  all.assign(mixture.weights().begin(), mixture.weights().end());
  all.insert(all.end(), mixture.probabilities().begin(), mixture.probabilities().end());
}

// to = a − b.
void subtract(std::span<const double> a, std::span<const double> b, double* to) {
  for (std::size_t j = 0; j < a.size(); ++j) to[j] = a[j] - b[j];
}

void multiply(std::span<const double> a, std::span<const double> b, std::vector<double>& to) {
  to.resize(a.size());
  for (std::size_t j = 0; j < a.size(); ++j) to[j] = a[j] * b[j];
}

// Complete-data information a row, diagonal.
void copy_information(const Mixture& mixture, std::vector<double>& metric) {
  constexpr double kLeastVariance = 1e-12;  // of a parameter at 0 or 1, which does not move
  const std::size_t n_features = mixture.n_features();
  metric.resize(mixture.n_components() * (1 + n_features));
  double* to = metric.data();
  for (const double weight : mixture.weights()) *to++ = 1 / std::max(weight, kLeastVariance);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const double weight = mixture.weights()[k];
    const double* theta = mixture.probabilities(k).data();
    for (std::size_t d = 0; d < n_features; ++d) {
      to[d] = weight / std::max(theta[d] * (1 - theta[d]), kLeastVariance);
    }
    to += n_features;
  }
}

// In four interleaved sums, which do not wait for each other.
double dot(std::span<const double> a, std::span<const double> b) {
  double sums[4] = {};
  std::size_t j = 0;
  for (; j + 4 <= a.size(); j += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += a[j + lane] * b[j + lane];
  }
  for (; j < a.size(); ++j) sums[0] += a[j] * b[j];
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
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
  n_steps_ = 0;
  last_image_.clear();
  last_residual_.clear();
  oldest_ = 0;
  metric_age_ = memory_;
}

std::span<double> Anderson::step(std::vector<double>& steps, std::size_t i) const {
  return {steps.data() + i * metric_.size(), metric_.size()};
}

// The products of one residual step with those before `end`.
void Anderson::multiply_step(std::size_t i, std::size_t end) {
  multiply(step(residual_steps_, i), metric_, weighted_);
  for (std::size_t other = 0; other < end; ++other) {
    const auto [column, row] = std::minmax(i, other);
    products_[row * memory_ + column] = dot(weighted_, step(residual_steps_, other));
  }
}

void Anderson::renew_metric(const Mixture& point) {
  copy_information(point, metric_);
  metric_age_ = 0;
  for (std::size_t i = 0; i < n_steps_; ++i) multiply_step(i, i + 1);
}

// Takes the step from the last point to this one into the columns.
void Anderson::take_step() {
  if (last_image_.empty()) return;
  if (n_steps_ < memory_) {
    oldest_ = n_steps_++;
    for (std::vector<double>* steps : {&image_steps_, &residual_steps_}) {
      steps->reserve(memory_ * image_.size());
      steps->resize(n_steps_ * image_.size());
    }
  }
  subtract(image_, last_image_, step(image_steps_, oldest_).data());
  subtract(residual_, last_residual_, step(residual_steps_, oldest_).data());
  multiply_step(oldest_, n_steps_);
  oldest_ = (oldest_ + 1) % memory_;
}

// The coefficients γ; false if there is nothing to extrapolate from.
bool Anderson::solve() {
  const std::size_t n = n_steps_;
  matrix_.resize(n * n);
  gamma_.resize(n);
  multiply(residual_, metric_, weighted_);
  double trace = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(products_.data() + i * memory_, i + 1, matrix_.data() + i * n);
    gamma_[i] = dot(weighted_, step(residual_steps_, i));
    trace += matrix_[i * n + i];
  }
  // Steps that are nearly dependent would be weighed against each other without end.
  constexpr double kDamping = 1e-14;
  for (std::size_t i = 0; i < n; ++i) matrix_[i * n + i] += kDamping * trace;
  return n > 0 && solve_positive_definite(matrix_, gamma_);
}

void Anderson::load(ArchiveReader& archive, const Mixture& shape) {
  remember(*this, archive);
  if (!fits(shape.n_components() * (1 + shape.n_features())))
    throw std::invalid_argument("steps of an accelerator do not fit together");
}

// Whether its lists have the lengths that propose() counts on.
bool Anderson::fits(std::size_t n_parameters) const {
  const bool has_last = !last_image_.empty();
  if (last_residual_.size() != last_image_.size() || (has_last && last_image_.size() != n_parameters))
    return false;
  if (products_.size() != memory_ * memory_ || n_steps_ > memory_ || oldest_ >= memory_) return false;
  if (metric_.empty()) return metric_age_ >= memory_ && !has_last && n_steps_ == 0;
  return metric_.size() == n_parameters && image_steps_.size() >= n_steps_ * n_parameters &&
         residual_steps_.size() >= n_steps_ * n_parameters;
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
  copy_parameters(image, image_);
  copy_parameters(point, residual_);
  subtract(image_, residual_, residual_.data());
  if (metric_age_++ >= memory_) renew_metric(point);
  take_step();
  const bool solved = solve();
  last_image_ = image_;
  last_residual_ = residual_;
  if (!solved) return std::nullopt;

  std::vector<double>& to = image_;
  for (std::size_t i = 0; i < gamma_.size(); ++i) {
    const std::span<const double> from = step(image_steps_, i);
    for (std::size_t j = 0; j < to.size(); ++j) to[j] -= gamma_[i] * from[j];
  }
  for (std::size_t j = 0; j < to.size(); ++j) to[j] = kept_inside(to[j], last_image_[j]);
  // From the point, which is the image less the residual.
  copy_information(point, weighted_);
  double gain = 0;
  for (std::size_t j = 0; j < to.size(); ++j) {
    gain += residual_[j] * weighted_[j] * ((to[j] - last_image_[j]) + residual_[j]);
  }
  expected_gain_ = gain / 2;
  const auto n_components = static_cast<std::ptrdiff_t>(point.n_components());
  return Mixture(std::vector<double>(to.begin(), to.begin() + n_components),
                 std::vector<double>(to.begin() + n_components, to.end()), point.items(), point.ties());
}

}  // namespace mixbern
