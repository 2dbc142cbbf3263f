// How numbers vary over refits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace mixbern {

/// Whether an estimate at 0 or 1 hardly ever left it, so that it has no standard error rather than one of 0.
inline bool stays_at_bound(double estimate, double error) {
  constexpr double kBoundaryShare = 2e-6, kNeverLeft = 1e-3;
  return std::min(estimate, 1 - estimate) <= kBoundaryShare && error < kNeverLeft;
}

/// Makes errors NaN where stays_at_bound(); their positions.
inline std::vector<std::size_t> drop_bounds(std::span<const double> estimates, std::vector<double>& errors) {
  std::vector<std::size_t> dropped;
  for (std::size_t j = 0; j < errors.size(); ++j) {
    if (!stays_at_bound(estimates[j], errors[j])) continue;
    errors[j] = std::numeric_limits<double>::quiet_NaN();
    dropped.push_back(j);
  }
  return dropped;
}

/// Means and sums of squared deviations from them, one number after the other (Welford).
class Spread {
 public:
  explicit Spread(std::size_t size) : mean_(size, 0.0), squares_(size, 0.0) {}

  void add(std::span<const double> values) {
    n_ += 1;
    for (std::size_t j = 0; j < values.size(); ++j) {
      const double before = values[j] - mean_[j];
      mean_[j] += before / n_;
      squares_[j] += before * (values[j] - mean_[j]);
    }
  }
  /// NaN for fewer than two.
  std::vector<double> deviations() const {
    std::vector<double> result;
    for (const double square : squares_)
      result.push_back(n_ > 1 ? std::sqrt(square / (n_ - 1)) : std::numeric_limits<double>::quiet_NaN());
    return result;
  }

 private:
  double n_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_;
};

/// Σ_r factor_r (θ_r − θ)², one number after the other.
class Deviations {
 public:
  explicit Deviations(std::span<const double> whole)
      : whole_(whole.begin(), whole.end()), squares_(whole.size(), 0.0) {}

  void add(std::span<const double> values, double factor) {
    for (std::size_t j = 0; j < values.size(); ++j)
      squares_[j] += factor * (values[j] - whole_[j]) * (values[j] - whole_[j]);
  }
  std::vector<double> roots() const {
    std::vector<double> result;
    for (const double square : squares_) result.push_back(std::sqrt(square));
    return result;
  }

 private:
  std::vector<double> whole_;
  std::vector<double> squares_;
};

}  // namespace mixbern
