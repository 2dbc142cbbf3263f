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

/// The p-values of the statistics of statistics_of(), in a BootstrapFit or GroupedBootstrap that has its
/// number of data sets; NaN unless those were drawn from the model.
template <class Bootstrap>
void set_p_values(const Exceeding& statistics, bool parametric, bool has_saturated, Bootstrap& result) {
  const std::vector<double> p = statistics.p_values(result.n_samples);
  const auto told = [&](std::size_t at, bool is_there) {
    return parametric && is_there ? p[at] : std::numeric_limits<double>::quiet_NaN();
  };
  result.g2_p_value = told(0, true);
  result.x2_p_value = told(1, true);
  result.cressie_read_p_value = told(2, true);
  result.saturated_p_value = told(3, has_saturated);
  result.mcar_p_value = told(4, has_saturated);
}

}  // namespace mixbern
