#include <algorithm>
#include <cmath>

#include "report/sections.hpp"
#include "report/tensor.hpp"

namespace mixbern::report {
namespace {

// Without being asked: a table of that many cells tells nothing, and no more work than a tenth of a second.
constexpr std::size_t kMostTableFeatures = 64;
constexpr std::size_t kMostParameters = 200;
constexpr double kMostWork = 1e8;
// Even if asked: pairs are items².
constexpr std::size_t kMostPairItems = 1000;

constexpr std::size_t kMostPairs = 500;
constexpr std::size_t kMostPatterns = 100;

struct Work {
  double table, errors;
};

Work work_of(const Source& source, const Context& context) {
  const std::size_t n_distinct = context.n_distinct_rows;
  const auto rows = static_cast<double>(n_distinct != 0 ? n_distinct : context.data->n_rows());
  const auto d = static_cast<double>(source.mixture.n_features());
  const auto k = static_cast<double>(source.mixture.n_components());
  const auto p = static_cast<double>(source.mixture.n_parameters());
  return {.table = rows * d * (d + k), .errors = rows * p * p};
}

void add_standard_errors(const Source& source, const Context& context, TableStatistics& statistics) {
  const ReportOptions& options = context.options;
  if (options.standard_errors != nullptr) {
    statistics.standard_errors = *options.standard_errors;
    return;
  }
  if (options.groups != nullptr) {
    if (options.groups->errors != nullptr) statistics.standard_errors = options.groups->errors->joint;
    return;
  }
  if (const BootstrapFit* drawn = options.resampling != nullptr ? options.resampling : options.bootstrap) {
    statistics.standard_errors =
        StandardErrors{.weights = drawn->weights, .probabilities = drawn->probabilities};
    statistics.drawn = true;
    return;
  }
  if (source.mixture.n_parameters() > kMostParameters || work_of(source, context).errors > kMostWork) return;
  const Estimation estimation = source.estimation();
  statistics.standard_errors = standard_errors(source.mixture, *context.data,
                                               {.method = usual_method(estimation.weights_kind),
                                                .estimation = estimation,
                                                .threads = options.threads});
}

void forget_p_values(GoodnessOfFit& fit) {
  for (TestStatistic* test : {&fit.g2, &fit.x2, &fit.cressie_read}) test->p_value = std::nan("");
  if (fit.saturated) fit.saturated->g2.p_value = fit.saturated->mcar.p_value = std::nan("");
}

std::string cells_text(const Dataset& data, std::size_t row) {
  std::string text;
  for (std::size_t d = 0; d < data.n_features(); ++d)
    text += data.missing && test(*data.missing, row, d) ? '?' : test(data.ones, row, d) ? '1' : '0';
  return text;
}

Json tensor_kd(const std::vector<double>& values, const Mixture& mixture) {
  return tensor(std::span<const double>(values), {mixture.n_components(), mixture.n_features()});
}

}  // namespace

TableStatistics table_statistics(const Source& source, const Context& context) {
  TableStatistics statistics;
  const Dataset& data = *context.data;
  const std::size_t n_features = source.mixture.n_features();
  const PosteriorOptions posterior{.threads = context.options.threads,
                                   .semi_supervised = source.estimation().semi_supervised};
  add_standard_errors(source, context, statistics);
  // Cells of other groups are missing by design: only a comparison within groups says anything.
  if (const ReportGroups* groups = context.options.groups) {
    if (groups->statistics != nullptr) statistics.goodness_of_fit = groups->statistics->fit;
    return statistics;
  }
  const bool asked = context.options.statistics;
  if (asked || (n_features <= kMostTableFeatures && work_of(source, context).table <= kMostWork)) {
    const GoodnessOfFit* known =
        source.candidate != nullptr ? &source.candidate->goodness_of_fit : context.options.goodness_of_fit;
    statistics.goodness_of_fit = known != nullptr ? *known : goodness_of_fit(source.mixture, data, posterior);
    if (source.estimation().weights_kind == WeightsKind::kSampling)
      forget_p_values(*statistics.goodness_of_fit);
    statistics.patterns = pattern_residuals(source.mixture, data, kMostPatterns, posterior);
    if (n_items(source.mixture) <= kMostPairItems)
      statistics.pairs = bivariate_residuals(source.mixture, data);
  }
  return statistics;
}

Json bivariate_residuals_section(const Findings& findings, const Context& context, std::size_t n_items) {
  const std::vector<double>& residuals = findings.table.pairs;
  if (residuals.empty()) return nullptr;
  struct Pair {
    std::size_t first, second, at;
  };
  std::vector<Pair> pairs;
  for (std::size_t a = 0; a < n_items; ++a) {
    for (std::size_t b = a + 1; b < n_items; ++b) pairs.push_back({a, b, pair_index(a, b, n_items)});
  }
  const auto more = [&](const Pair& x, const Pair& y) {
    return residuals[x.at] != residuals[y.at] ? residuals[x.at] > residuals[y.at] : x.at < y.at;
  };
  const std::size_t most = std::min(kMostPairs, pairs.size());
  std::partial_sort(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(most), pairs.end(), more);
  pairs.resize(most);
  const BootstrapFit* drawn = context.options.bootstrap;
  const bool tested = drawn != nullptr && drawn->pair_p_values.size() == residuals.size();
  Json list = Json::array();
  for (const Pair& pair : pairs) {
    list.push_back({{"first", pair.first},
                    {"second", pair.second},
                    {"residual", residuals[pair.at]},
                    {"p_value", tested ? Json(drawn->pair_p_values[pair.at]) : Json(nullptr)}});
  }
  return list;
}

Json pattern_residuals_section(const Findings& findings, const Context& context) {
  if (!findings.table.patterns) return nullptr;
  Json list = Json::array();
  for (const PatternResidual& pattern : *findings.table.patterns) {
    list.push_back({{"row", pattern.row},
                    {"observed", pattern.observed},
                    {"expected", pattern.expected},
                    {"residual", pattern.residual},
                    {"cells", cells_text(*context.data, pattern.row)}});
  }
  return list;
}

Json standard_errors_section(const TableStatistics& statistics, const Context& context,
                             const Mixture& mixture) {
  if (!statistics.standard_errors) return nullptr;
  const StandardErrors& errors = *statistics.standard_errors;
  std::vector<double> lower, upper;
  for (std::size_t j = 0; j < errors.probabilities.size(); ++j) {
    const Interval interval =
        logit_interval(mixture.probabilities()[j], errors.probabilities[j], 0.95, errors.degrees_of_freedom);
    lower.push_back(interval.lower);
    upper.push_back(interval.upper);
  }
  const char* drawn = context.options.resampling != nullptr ? "resampling" : "bootstrap";
  return {
      {"method", statistics.drawn ? Json(drawn)
                                  : Json(errors.n_replicates > 0 ? "replicates" : to_string(errors.method))},
      {"weights", errors.weights},
      {"probabilities", tensor_kd(errors.probabilities, mixture)},
      {"lower", tensor_kd(lower, mixture)},
      {"upper", tensor_kd(upper, mixture)},
      {"identified", statistics.drawn ? Json(nullptr) : Json(errors.identified())}};
}

}  // namespace mixbern::report
