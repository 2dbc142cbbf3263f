// How often drawn statistics are at least as large as the observed ones.
#pragma once

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "mixbern/statistics/goodness_of_fit.hpp"

namespace mixbern {

/// Counts of statistics that are at least as large as the observed ones, or could not be had.
class Exceeding {
 public:
  explicit Exceeding(std::vector<double> observed)
      : observed_(std::move(observed)), counts_(observed_.size(), 1) {}

  void add(const std::vector<double>& drawn) {
    for (std::size_t j = 0; j < drawn.size(); ++j) counts_[j] += !(drawn[j] < observed_[j]) ? 1.0 : 0.0;
  }
  std::vector<double> p_values(std::size_t n_samples) const {
    std::vector<double> result = counts_;
    for (double& value : result) value /= 1 + static_cast<double>(n_samples);
    return result;
  }

 private:
  std::vector<double> observed_;
  std::vector<double> counts_;  // from 1: the observed one is one of them
};

/// Those of GoodnessOfFit in the order of BootstrapFit; NaN where there is none.
inline std::vector<double> statistics_of(const GoodnessOfFit& fit) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {fit.g2.statistic, fit.x2.statistic, fit.cressie_read.statistic,
          fit.saturated ? fit.saturated->g2.statistic : kNone,
          fit.saturated ? fit.saturated->mcar.statistic : kNone};
}

}  // namespace mixbern
