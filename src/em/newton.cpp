#include "em/newton.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "em/cholesky.hpp"

namespace mixbern {
namespace {

constexpr double kLeastDamping = 1e-10;  // keeps directions that the data says nothing of from running away
constexpr double kMostDamping = 1e4;
// Log-odds move so far at most in a step: beyond, the quadratic model means nothing.
constexpr double kLongestStep = 3;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

double longest(const std::vector<double>& step) {
  double longest = 0;
  for (const double s : step) longest = std::max(longest, std::abs(s));
  return longest;
}

// sᵀ H s for the lower triangle of H.
double quadratic(const std::vector<double>& matrix, const std::vector<double>& step) {
  const std::size_t n = step.size();
  double sum = 0;
  for (std::size_t a = 0; a < n; ++a) {
    double row = 0;
    for (std::size_t b = 0; b < a; ++b) row += matrix[a * n + b] * step[b];
    sum += step[a] * (2 * row + matrix[a * n + a] * step[a]);
  }
  return sum;
}

// (H + damping · diag C)⁻¹ g; empty if the matrix is not positive definite.
std::vector<double> damped_step(const Curvature& curvature, double damping) {
  std::vector<double> matrix = curvature.information;
  std::vector<double> step = curvature.gradient;
  for (std::size_t a = 0; a < step.size(); ++a)
    matrix[a * step.size() + a] += damping * curvature.complete[a];
  if (!solve_positive_definite(matrix, step)) step.clear();
  return step;
}

// Written so that the smaller of p and 1 − p keeps its digits.
double with_log_odds(double p, double change) {
  if (change == 0) return p;
  const double odds = p * std::exp(change);
  return odds / (odds + (1 - p));
}

void move_answers(std::span<double> theta, const double* step) {
  double sum = 0;
  for (std::size_t c = 0; c < theta.size(); ++c) sum += theta[c] *= std::exp(step[c]);
  for (double& p : theta) p /= sum;
}

// Of equal cells one has the step of all.
void spread(const Ties& ties, std::size_t n_components, std::vector<double>& step) {
  for (const std::vector<std::size_t>& cells : ties.equal()) {
    double sum = 0;
    for (const std::size_t j : cells) sum += step[n_components - 1 + j];
    for (const std::size_t j : cells) step[n_components - 1 + j] = sum;
  }
}

Mixture moved(const Mixture& point, std::vector<double> step) {
  const std::size_t n_components = point.n_components(), n_features = point.n_features();
  spread(point.ties(), n_components, step);
  std::vector<double> weights(point.weights().begin(), point.weights().end());
  for (std::size_t k = 1; k < n_components; ++k) weights[k] *= std::exp(step[k - 1]);
  std::vector<double> probabilities(point.probabilities().begin(), point.probabilities().end());
  for (std::size_t k = 0; k < n_components; ++k) {
    const std::span<double> theta(probabilities.data() + k * n_features, n_features);
    const double* steps = step.data() + n_components - 1 + k * n_features;
    point.items().for_each_stretch(
        n_features,
        [&](std::size_t begin, std::size_t end) {
          for (std::size_t d = begin; d < end; ++d) theta[d] = with_log_odds(theta[d], steps[d]);
        },
        [&](const Items::Group& group) {
          move_answers(theta.subspan(group.first, group.size), steps + group.first);
        });
  }
  return {std::move(weights), std::move(probabilities), point.items(), point.ties()};
}

}  // namespace

bool Newton::is_affordable(std::size_t n_rows, std::size_t n_parameters) {
  constexpr double kMostWork = 5e7;
  const auto p = static_cast<double>(n_parameters);
  return static_cast<double>(n_rows) * p * p <= kMostWork;
}

// Outer products of rows and two triangular solves; a multiplication here takes as long as one and a half
// additions of an E-step.
double Newton::work(std::size_t n_parameters) const {
  constexpr double kAdditions = 1.5;
  const auto p = static_cast<double>(n_parameters);
  return kAdditions * (static_cast<double>(rows_.n_rows()) * p * p / 2 + p * p * p / 3);
}

std::optional<Mixture> Newton::propose(const Mixture& point, const Mixture&) {
  const Curvature curvature(rows_, point, prior_, fixed_features_);
  const std::vector<double> newton = damped_step(curvature, kLeastDamping);
  expected_gain_ = newton.empty() ? std::numeric_limits<double>::quiet_NaN()
                                  : dot(curvature.gradient, newton) / 2 / total_weight_;
  std::vector<double> step = damped_step(curvature, damping_);
  while (step.empty() && damping_ < kMostDamping) {
    damping_ *= 10;
    step = damped_step(curvature, damping_);
  }
  if (step.empty()) return std::nullopt;
  if (const double length = longest(step); length > kLongestStep) {
    for (double& s : step) s *= kLongestStep / length;
  }
  predicted_ = dot(curvature.gradient, step) - quadratic(curvature.information, step) / 2;
  return moved(point, step);
}

std::optional<Mixture> Newton::refined(const Mixture& point) const {
  constexpr double kMostGain = 1e-4;    // nats, in all: more is to be gained by EM
  constexpr double kLongestMove = 0.1;  // in log-odds: beyond, another maximum may be meant
  constexpr int kMostSteps = 8;
  std::optional<Mixture> best;
  Mixture here = point;
  double least = kMostGain;
  for (int i = 0; i < kMostSteps; ++i) {
    const Curvature curvature(rows_, here, prior_, fixed_features_);
    const std::vector<double> step = damped_step(curvature, kLeastDamping);
    if (step.empty() || longest(step) > kLongestMove) break;
    const double gain = dot(curvature.gradient, step) / 2;
    if (!(gain < least)) break;
    if (i > 0) best = here;
    least = gain;
    here = moved(here, step);
  }
  return best;
}

void Newton::load(ArchiveReader& archive, const Mixture&) {
  archive(damping_, predicted_, expected_gain_);
  if (!(damping_ >= kLeastDamping && damping_ <= 10 * kMostDamping))
    throw std::invalid_argument("the damping of a step is out of range");
}

void Newton::accepted(double gain) {
  const double ratio = gain * total_weight_ / predicted_;
  if (ratio > 0.75) damping_ = std::max(damping_ / 10, kLeastDamping);
  if (ratio < 0.25) damping_ = std::min(damping_ * 4, kMostDamping);
}

void Newton::rejected() {
  damping_ = std::min(std::max(damping_ * 10, 1e-6), kMostDamping);
}

}  // namespace mixbern
