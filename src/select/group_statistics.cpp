// Fit of a model in groups: sums over the groups, each of which is a table of its own.
#include "mixbern/fit/group_statistics.hpp"

#include <cmath>
#include <limits>

#include "data/row_facts.hpp"
#include "select/group_columns.hpp"
#include "select/group_fit.hpp"
#include "select/joint_mixture.hpp"

namespace mixbern {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kRowsACell = 5;

void add_saturated(const GoodnessOfFit& own, const Mixture& mixture, GoodnessOfFit& sum) {
  if (!own.saturated || !sum.saturated) {
    sum.saturated.reset();
    return;
  }
  SaturatedTests& total = *sum.saturated;
  total.log_likelihood += own.saturated->log_likelihood;
  total.g2.statistic += own.saturated->g2.statistic;
  total.degrees_of_freedom += own.saturated->degrees_of_freedom + static_cast<double>(mixture.n_parameters());
  total.mcar.statistic += own.saturated->mcar.statistic;
  total.mcar_degrees_of_freedom += own.saturated->mcar_degrees_of_freedom;
}

// Degrees of freedom are those of no parameters until all groups are there.
void add(const GoodnessOfFit& own, const Mixture& mixture, GoodnessOfFit& sum) {
  sum.n += own.n;
  sum.n_patterns += own.n_patterns;
  sum.n_cells += own.n_cells;
  sum.degrees_of_freedom += own.degrees_of_freedom + static_cast<double>(mixture.n_parameters());
  sum.g2.statistic += own.g2.statistic;
  sum.x2.statistic += own.x2.statistic;
  sum.cressie_read.statistic += own.cressie_read.statistic;
  sum.missing = sum.missing || own.missing;
  add_saturated(own, mixture, sum);
}

void conclude(std::size_t n_parameters, bool sampled, GoodnessOfFit& fit) {
  const auto p_value = [sampled](TestStatistic& test, double degrees_of_freedom) {
    test.p_value = sampled ? kNaN : chi_squared_p_value(test.statistic, degrees_of_freedom);
  };
  fit.degrees_of_freedom -= static_cast<double>(n_parameters);
  fit.sparse = fit.n < kRowsACell * fit.n_cells;
  for (TestStatistic* test : {&fit.g2, &fit.x2, &fit.cressie_read}) p_value(*test, fit.degrees_of_freedom);
  if (!fit.saturated) return;
  fit.saturated->degrees_of_freedom -= static_cast<double>(n_parameters);
  p_value(fit.saturated->g2, fit.saturated->degrees_of_freedom);
  p_value(fit.saturated->mcar, fit.saturated->mcar_degrees_of_freedom);
}

double term(double observed, double expected) {
  const double difference = observed - expected;
  if (expected > 0) return difference * difference / expected;
  return observed > 0 ? std::numeric_limits<double>::infinity() : 0;
}

// What an item of a group adds to Pearson's statistic.
double pearson(const Mixture& mixture, const RowFacts& rows, const Items::Group& item) {
  double sum = 0;
  for (std::size_t d = item.first; d < item.end(); ++d) {
    double p = 0;
    for (std::size_t k = 0; k < mixture.n_components(); ++k)
      p += mixture.weights()[k] * mixture.probabilities(k)[d];
    const double ones = rows.ones[d],
                 answers = rows.total_weight - (rows.missing.empty() ? 0 : rows.missing[d]);
    sum += term(ones, answers * p);
    if (item.size == 1) sum += term(answers - ones, answers * (1 - p));
  }
  return sum;
}

}  // namespace

GoodnessOfFit sum_over_groups(const std::vector<Mixture>& mixtures, const std::vector<Dataset>& groups,
                              const PosteriorOptions& options, std::vector<double>& by_group) {
  GoodnessOfFit sum;
  sum.saturated.emplace();
  for (std::size_t g = 0; g < mixtures.size(); ++g) {
    const GoodnessOfFit own = goodness_of_fit(mixtures[g], groups[g], options);
    add(own, mixtures[g], sum);
    by_group.push_back(own.g2.statistic);
  }
  if (!sum.missing) sum.saturated.reset();
  return sum;
}

GroupedStatistics grouped_statistics(const GroupedModel& model, const Dataset& data,
                                     const Estimation& estimation, bool with_pairs, unsigned threads) {
  const PosteriorOptions options{.threads = threads};
  const Dataset rows = rows_of_groups(data);
  const GroupColumns columns(rows, model.free_items);
  GroupedStatistics result{
      .classification = classification(model.joint, joint_data(rows, columns, "group"), options),
      .with_groups = std::vector<double>(columns.items.size())};
  result.criteria = criteria(model.log_likelihood, model.n_parameters, result.classification.n,
                             result.classification.uncertainty);
  const std::vector<Dataset> groups = rows_of_each_group(rows, columns.n_groups);
  result.fit = sum_over_groups(model.mixtures, groups, options, result.g2_by_group);
  for (std::size_t g = 0; g < columns.n_groups; ++g) {
    if (with_pairs) result.pairs.push_back(bivariate_residuals(model.mixtures[g], groups[g]));
    const RowFacts facts(groups[g]);
    for (std::size_t j = 0; j < columns.items.size(); ++j)
      result.with_groups[j] += pearson(model.mixtures[g], facts, columns.items[j]);
  }
  for (std::size_t j = 0; j < columns.items.size(); ++j) {
    const std::size_t degrees = (columns.n_groups - 1) * (columns.items[j].n_answers() - 1);
    result.with_groups[j] /= static_cast<double>(degrees);
  }
  conclude(model.n_parameters, estimation.weights_kind == WeightsKind::kSampling, result.fit);
  return result;
}

}  // namespace mixbern
