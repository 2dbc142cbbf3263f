#include "mixbern/statistics/goodness_of_fit.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/complement.hpp>
#include <cmath>
#include <limits>

#include "stats/patterns.hpp"
#include "stats/saturated.hpp"

namespace mixbern {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// A chi-squared approximation to a table with more cells than that means nothing.
constexpr double kMostDegreesOfFreedom = 1e9;
// Rows a cell below which the table is called sparse: Cochran's rule of five.
constexpr double kFewRowsPerCell = 5;
constexpr double kPower = 2.0 / 3.0;

// Calls use(pattern, observed, expected) for all patterns that occur.
template <class Use>
void for_each_count(const Mixture& mixture, const PatternTable& table, const AnsweredSets& sets,
                    const PosteriorOptions& options, const Use& use) {
  for_each_posterior(mixture, table.rows, options, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const std::size_t pattern = block.first_row + i;
      use(pattern, table.rows.weights[pattern],
          sets.weights[sets.set_of_pattern[pattern]] * std::exp(block.log_likelihoods[i]));
    }
  });
}

TestStatistic tested(double statistic, double degrees_of_freedom) {
  return {statistic, chi_squared_p_value(statistic, degrees_of_freedom)};
}

double n_patterns(const Mixture& mixture) {
  return n_patterns(mixture.items(), mixture.n_features());
}

// All but the test of missing completely at random.
std::optional<SaturatedTests> saturated_tests(const Mixture& mixture, const PatternTable& table,
                                              double log_likelihood) {
  const std::optional<double> saturated = saturated_log_likelihood(table);
  if (!saturated) return std::nullopt;
  SaturatedTests tests;
  tests.log_likelihood = *saturated;
  tests.degrees_of_freedom = n_patterns(mixture) - 1 - static_cast<double>(mixture.n_parameters());
  // Rounding may leave a trace below 0 where there is nothing to tell.
  tests.g2 = tested(std::max(2 * (*saturated - log_likelihood), 0.0), tests.degrees_of_freedom);
  return tests;
}

}  // namespace

double chi_squared_p_value(double statistic, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0) || degrees_of_freedom > kMostDegreesOfFreedom || std::isnan(statistic))
    return kNaN;
  if (std::isinf(statistic)) return 0;
  const boost::math::chi_squared distribution(degrees_of_freedom);
  return cdf(complement(distribution, std::max(statistic, 0.0)));
}

GoodnessOfFit goodness_of_fit(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options) {
  const PatternTable table = count_patterns(data);
  const AnsweredSets sets = answered_sets(table);
  double g2 = 0, power = 0, log_likelihood = 0, table_log_likelihood = 0;
  double x2 = -table.n;  // Σ (o − e)²/e = Σ o²/e − N, for the cells that do not occur too
  for_each_count(mixture, table, sets, {.threads = options.threads},
                 [&](std::size_t pattern, double observed, double expected) {
                   const double rows = sets.weights[sets.set_of_pattern[pattern]];
                   log_likelihood += observed * std::log(expected / rows);
                   table_log_likelihood += observed * std::log(observed / rows);
                   g2 += 2 * observed * std::log(observed / expected);
                   x2 += observed * observed / expected;
                   power += observed * (std::pow(observed / expected, kPower) - 1);
                 });
  GoodnessOfFit result{
      .n = table.n, .n_patterns = table.rows.n_rows(), .g2 = {}, .x2 = {}, .cressie_read = {}};
  for (const double n_cells : sets.n_cells) result.n_cells += n_cells;
  result.degrees_of_freedom =
      result.n_cells - static_cast<double>(sets.n_cells.size()) - static_cast<double>(mixture.n_parameters());
  result.g2 = tested(g2, result.degrees_of_freedom);
  result.x2 = tested(x2, result.degrees_of_freedom);
  result.cressie_read = tested(2 / (kPower * (kPower + 1)) * power, result.degrees_of_freedom);
  result.sparse = table.n < kFewRowsPerCell * result.n_cells;
  result.missing = table.rows.missing.has_value();
  if (!result.missing) return result;
  result.saturated = saturated_tests(mixture, table, log_likelihood);
  if (!result.saturated) return result;
  const double n_free = n_patterns(mixture) - 1;
  SaturatedTests& tests = *result.saturated;
  tests.mcar_degrees_of_freedom = result.n_cells - static_cast<double>(sets.n_cells.size()) - n_free;
  tests.mcar =
      tested(std::max(2 * (table_log_likelihood - tests.log_likelihood), 0.0), tests.mcar_degrees_of_freedom);
  return result;
}

std::vector<PatternResidual> pattern_residuals(const Mixture& mixture, const Dataset& data, std::size_t most,
                                               const PosteriorOptions& options) {
  const PatternTable table = count_patterns(data);
  const AnsweredSets sets = answered_sets(table);
  std::vector<PatternResidual> residuals;
  residuals.reserve(table.rows.n_rows());
  for_each_count(mixture, table, sets, {.threads = options.threads},
                 [&](std::size_t pattern, double observed, double expected) {
                   residuals.push_back({table.first_row[pattern], observed, expected,
                                        (observed - expected) / std::sqrt(expected)});
                 });
  const auto end = residuals.begin() + static_cast<std::ptrdiff_t>(std::min(most, residuals.size()));
  std::partial_sort(residuals.begin(), end, residuals.end(),
                    [](const PatternResidual& a, const PatternResidual& b) {
                      const double x = std::abs(a.residual), y = std::abs(b.residual);
                      return x > y || (x == y && a.row < b.row);
                    });
  residuals.erase(end, residuals.end());
  return residuals;
}

}  // namespace mixbern
