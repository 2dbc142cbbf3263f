// Statistics of a fitted mixture: for people, and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mixbern/fit/fit.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/optima.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "output.hpp"

namespace mixbern::app {

struct PairResidual {
  std::size_t first;
  std::size_t second;
  double residual;
};

/// Pairs are items²: beyond that the table is for a program of its own.
constexpr std::size_t kMostItems = 1000;
/// The thousand largest of bivariate_residuals(), largest first.
std::vector<PairResidual> largest_pairs(const std::vector<double>& residuals, std::size_t n_items);
Json pairs_json(const std::vector<PairResidual>& pairs);

/// What `fit --statistics` tells.
struct Statistics {
  Classification classification;
  Criteria criteria;
  GoodnessOfFit fit;
  bool sampled = false;             ///< weights are those of a sample: no p-value holds
  std::vector<PairResidual> pairs;  ///< largest first
  std::vector<PatternResidual> patterns;
  std::vector<Optimum> optima;
};
Statistics statistics_of(const FitResult& result, const Dataset& data);

Json statistics_json(const Statistics& statistics);
/// `names` are of features, `component_names` may be empty.
std::string statistics_text(const Statistics& statistics, const std::vector<std::string>& names,
                            const std::vector<std::string>& component_names);

/// p-values of the fit and of the pairs that matter.
std::string bootstrap_text(const BootstrapFit& bootstrap, const std::vector<std::string>& names);

}  // namespace mixbern::app
