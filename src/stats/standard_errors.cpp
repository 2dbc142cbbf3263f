#include "stats/standard_errors.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>
#include <stdexcept>

#include "data/names.hpp"
#include "init/initialise.hpp"
#include "stats/design_middle.hpp"
#include "stats/information.hpp"

namespace mixbern {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostParameters = 4000;
// Twice the gain still to come above which a fit is not at its maximum.
constexpr double kLargestDecrement = 1e-2;
// A probability has a standard deviation of at most 0.5, whatever its distribution.
constexpr double kVagueError = 0.5;
// identification_warnings() without being asked: cells to look at, and multiplications.
constexpr double kMostCells = 2e6;
constexpr double kMostWork = 1e7;
constexpr double kPatternsLookedAt = 4096;

constexpr Names<StandardErrorMethod, 3> kNames{{{StandardErrorMethod::kObserved, "observed"},
                                                {StandardErrorMethod::kOuterProduct, "opg"},
                                                {StandardErrorMethod::kSandwich, "sandwich"}}};

void check(const Mixture& mixture, const Dataset& data) {
  if (data.n_features() != mixture.n_features()) {
    throw std::invalid_argument("the model has " + std::to_string(mixture.n_features()) +
                                " features, the data has " + std::to_string(data.n_features()));
  }
  if (mixture.n_parameters() > kMostParameters) {
    throw std::invalid_argument("standard errors need a matrix of parameters x parameters; " +
                                std::to_string(mixture.n_parameters()) + " parameters are more than " +
                                std::to_string(kMostParameters));
  }
}

double root(double variance) {
  return variance >= 0 ? std::sqrt(variance) : kNaN;
}

// Delta method within a categorical item: dθ_c / dη_e = θ_c ([c = e] − θ_e).
void fill_answers(const Mixture& mixture, const FreeParameters& free, const Covariance& covariance,
                  std::size_t k, const Items::Group& group, StandardErrors& result) {
  const std::size_t first = k * mixture.n_features() + group.first;
  const auto theta = mixture.probabilities().subspan(first, group.size);
  if (free.is_empty(k)) return;
  for (std::size_t c = 0; c < group.size; ++c) {
    if (std::ranges::binary_search(free.boundary, first + c)) continue;
    Eigen::VectorXd slope = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(free.count));
    for (std::size_t e = 0; e < group.size; ++e) {
      const std::ptrdiff_t at = free.probabilities[first + e];
      if (at != kNotFree) slope(at) = theta[c] * ((c == e ? 1.0 : 0.0) - theta[e]);
    }
    // All others at their bounds: so is this one.
    if (!slope.isZero(0)) result.probabilities[first + c] = root(covariance.variance(slope));
  }
}

// What is held is known.
void fill_held(const Ties& ties, StandardErrors& result) {
  for (const auto& held : ties.held_weights()) result.weights[held.component] = 0;
  for (const auto& held : ties.held()) result.probabilities[held.position] = 0;
}

// Delta method, with shares s of what held weights leave: dπ_k / dη_j = π_k ([k = j] − s_j), which add up for
// equal weights; dθ / dlogit θ = θ (1 − θ).
void fill(const Mixture& mixture, const FreeParameters& free, const Covariance& covariance,
          StandardErrors& result) {
  const auto pi = mixture.weights();
  for (std::size_t k = 0; k < pi.size(); ++k) {
    const bool has_error = free.weights[k] != kNotFree || free.is_reference(mixture.ties(), k);
    if (mixture.ties().holds_weight(k) || !has_error) continue;
    Eigen::VectorXd slope = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(free.count));
    for (std::size_t j = 0; j < pi.size(); ++j) {
      if (free.weights[j] != kNotFree)
        slope(free.weights[j]) += pi[k] * ((j == k ? 1.0 : 0.0) - free.shares[j]);
    }
    if (pi.size() > 1) result.weights[k] = root(covariance.variance(slope));
  }
  for (std::size_t j = 0; j < free.probabilities.size(); ++j) {
    if (free.probabilities[j] == kNotFree || mixture.items().is_category(j % mixture.n_features())) continue;
    const double theta = mixture.probabilities()[j];
    const auto position = static_cast<std::size_t>(free.probabilities[j]);
    result.probabilities[j] = theta * (1 - theta) * root(covariance.variance(position));
  }
  for (std::size_t k = 0; k < pi.size(); ++k) {
    for (const Items::Group& group : mixture.items().groups())
      fill_answers(mixture, free, covariance, k, group, result);
  }
}

std::string rounded(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::setprecision(3) << value;
  return text.str();
}

std::string count_of(std::size_t n, const std::string& singular, const std::string& plural) {
  return std::to_string(n) + " " + (n == 1 ? singular : plural);
}

void warn_of_bounds(StandardErrors& result) {
  if (!result.boundary.empty()) {
    result.warnings.push_back(
        count_of(result.boundary.size(), "probability lies", "probabilities lie") +
        " at 0 or 1, held fixed: no standard error there, and the others hold given these");
  }
  if (!result.empty_components.empty()) {
    result.warnings.push_back(count_of(result.empty_components.size(), "component is", "components are") +
                              " empty: no standard errors there");
  }
}

std::string too_few_cells(const Mixture& mixture) {
  const double degrees = degrees_of_freedom(mixture);
  const std::size_t n_items = mixture.items().all(mixture.n_features()).size();
  const auto n_parameters = static_cast<double>(mixture.n_parameters());
  return "the degrees of freedom are negative (" + std::to_string(std::llround(degrees)) + "): a table of " +
         count_of(n_items, "item", "items") + " tells at most " +
         std::to_string(std::llround(degrees + n_parameters)) + " parameters, the model has " +
         std::to_string(mixture.n_parameters()) +
         "; it is not identified, and other values fit exactly as well";
}

void doubt_the_model(const Mixture& mixture, StandardErrors& result) {
  if (result.n_undetermined > 0 && degrees_of_freedom(mixture) < 0) {
    result.doubts.push_back(too_few_cells(mixture));
  } else if (result.rank < result.n_free) {
    result.doubts.push_back("the model is not identified: only " + std::to_string(result.rank) + " of its " +
                            count_of(result.n_free, "free parameter", "free parameters") +
                            " can be told from the data; other values fit exactly as well, and the affected "
                            "parameters have no standard error");
  } else if (result.n_undetermined > 0) {
    result.doubts.push_back("the model is not identified: the estimates at 0 or 1 hide it, but a table of " +
                            count_of(mixture.n_features(), "item", "items") + " tells only " +
                            std::to_string(mixture.n_parameters() - result.n_undetermined) + " of its " +
                            std::to_string(mixture.n_parameters()) + " parameters");
  }
}

void doubt_the_data(const Covariance& covariance, StandardErrors& result) {
  if (covariance.n_singular() > 0) {
    const bool outer = result.method == StandardErrorMethod::kOuterProduct;
    result.doubts.push_back(
        "the information matrix is singular in " +
        count_of(covariance.n_singular(), "direction", "directions") +
        (outer ? ": fewer different patterns than parameters, or a flat likelihood; the affected parameters "
                 "have "
                 "no standard error, try the observed information"
               : ": the likelihood is flat there or this is not its maximum; the affected parameters have no "
                 "standard error"));
  }
  double largest = 0;
  for (const double error : result.probabilities) {
    if (!(error > kVagueError)) continue;
    ++result.n_vague;
    largest = std::max(largest, error);
  }
  if (result.n_vague == 0) return;
  result.doubts.push_back(
      count_of(result.n_vague, "probability has a standard error", "probabilities have standard errors") +
      " above 0.5, up to " + rounded(largest) + ": the data does not tell " +
      (result.n_vague == 1 ? "it" : "them"));
}

// All doubts, and whether this is the maximum at all.
void warn(double decrement, StandardErrors& result) {
  auto& warnings = result.warnings;
  warnings.insert(warnings.end(), result.doubts.begin(), result.doubts.end());
  if (decrement > kLargestDecrement) {
    warnings.emplace_back(
        "this is not the maximum of the likelihood, so the standard errors are too rough: let "
        "the fit run on with a smaller tolerance");
  }
}

/// The rows that have a pattern, in the order of patterns.
std::vector<std::size_t> rows_by_pattern(const PatternTable& table) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.pattern_of_row.size(); ++i) {
    if (table.pattern_of_row[i] != kNoPattern) rows.push_back(i);
  }
  std::ranges::stable_sort(rows, {}, [&table](std::size_t row) { return table.pattern_of_row[row]; });
  return rows;
}

// Scores belong to patterns, clusters to rows.
void add_scores(const Mixture& mixture, const Dataset& data, const PatternTable& table,
                const FreeParameters& free, const PosteriorOptions& posterior, DesignMiddle& sums) {
  const std::vector<std::size_t> rows = rows_by_pattern(table);
  auto next = rows.begin();
  for_each_score_block(mixture, table.rows, free, posterior, [&](const ScoreBlock& block) {
    for (Eigen::Index i = 0; i < block.scores.rows(); ++i) {
      const std::size_t pattern = block.first + static_cast<std::size_t>(i);
      const Eigen::VectorXd score = block.scores.row(i);
      for (; next != rows.end() && table.pattern_of_row[*next] == pattern; ++next)
        sums.add(*next, data.weight(*next) * score);
    }
  });
}

// All that is known before anything is computed.
StandardErrors without_errors(const Mixture& mixture, const Dataset& data,
                              const StandardErrorOptions& options) {
  StandardErrors result{.method = options.method};
  if (options.design.given()) {
    result.method = StandardErrorMethod::kSandwich;
    result.design = size_of(options.design, data.n_rows());
    result.degrees_of_freedom = result.design->degrees_of_freedom();
  }
  result.weights.assign(mixture.n_components(), kNaN);
  result.probabilities.assign(mixture.probabilities().size(), kNaN);
  if (mixture.n_components() == 1) result.weights[0] = 0;  // it is 1 whatever the data
  fill_held(mixture.ties(), result);
  return result;
}

// Of the rows and the prior; the middle of a sandwich from the design, if there is one.
Information informed(const Mixture& mixture, const Dataset& data, const PatternTable& table,
                     const FreeParameters& free, const StandardErrorOptions& options) {
  const Estimation& estimation = options.estimation;
  const PosteriorOptions posterior{.threads = options.threads, .semi_supervised = estimation.semi_supervised};
  const bool sampling = estimation.weights_kind == WeightsKind::kSampling;
  Information sums =
      information(mixture, table, free, sampling ? table.squared_weights : table.rows.weights, posterior);
  const ItemSummary items = summarise_items(RowFacts(table.rows));
  add_prior(mixture, free, prior_of(estimation, items), sums);
  if (options.design.given()) {
    DesignMiddle middle(options.design, data.n_rows(), sums.gradient.size());
    add_scores(mixture, data, table, free, posterior, middle);
    sums.outer = middle.middle();
  }
  return sums;
}

}  // namespace

std::string_view to_string(StandardErrorMethod method) {
  return name_of(kNames, method);
}

std::optional<StandardErrorMethod> standard_error_method_from_string(std::string_view name) {
  return value_named(kNames, name);
}

StandardErrors standard_errors(const Mixture& mixture, const Dataset& data,
                               const StandardErrorOptions& options) {
  return standard_errors(mixture, data, options, {});
}

StandardErrors standard_errors(const Mixture& mixture, const Dataset& data,
                               const StandardErrorOptions& options, const CovarianceVisitor& visit) {
  check(mixture, data);
  StandardErrors result = without_errors(mixture, data, options);
  const Estimation& estimation = options.estimation;
  const PosteriorOptions posterior{.threads = options.threads, .semi_supervised = estimation.semi_supervised};
  const PatternTable table = count_patterns(data, estimation.semi_supervised);
  const FreeParameters free = free_parameters(mixture, component_sums(mixture, table, posterior));
  result.boundary = free.boundary;
  result.empty_components = free.empty_components;
  result.n_free = result.rank = free.count;
  warn_of_bounds(result);
  // Rows of known class tell more than their patterns do.
  if (!estimation.semi_supervised) result.n_undetermined = missing_dimensions(mixture);
  if (free.count == 0) {
    doubt_the_model(mixture, result);
    warn(0, result);
    return result;
  }

  const Information sums = informed(mixture, data, table, free, options);
  const Identification identification = identify(mixture, table, free, posterior);
  result.rank = identification.rank;
  const bool sandwich = result.method == StandardErrorMethod::kSandwich;
  const bool outer = result.method == StandardErrorMethod::kOuterProduct;
  const Covariance covariance(outer ? sums.outer : sums.observed, sandwich ? &sums.outer : nullptr,
                              identification);
  fill(mixture, free, covariance, result);
  if (visit) visit(free, covariance);
  doubt_the_model(mixture, result);
  doubt_the_data(covariance, result);
  warn(covariance.decrement(sums.gradient), result);
  return result;
}

std::vector<std::string> identification_warnings(const Mixture& mixture, const Dataset& data,
                                                 const StandardErrorOptions& options) {
  if (options.estimation.semi_supervised || mixture.n_components() == 1) return {};
  if (degrees_of_freedom(mixture) < 0) return {too_few_cells(mixture)};
  const auto p = static_cast<double>(mixture.n_parameters());
  const double n_cells = static_cast<double>(data.n_rows()) * static_cast<double>(data.n_features());
  const double n_patterns = std::min(static_cast<double>(data.n_rows()), n_cells);
  const double n_possible = mixbern::n_patterns(mixture.items(), mixture.n_features());
  const bool drawn = data.missing.has_value() || n_possible > kPatternsLookedAt;
  const double looked_at = drawn ? kPatternsLookedAt : n_possible;
  const double n_told = drawn ? n_patterns : std::min(n_patterns, looked_at);
  if (n_cells > kMostCells || (n_told + looked_at + p) * p * p > kMostWork) return {};
  StandardErrorOptions right = options;
  if (options.estimation.weights_kind == WeightsKind::kSampling)
    right.method = StandardErrorMethod::kSandwich;
  return standard_errors(mixture, data, right).doubts;
}

double interval_quantile(double level, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0)) return kNaN;
  if (std::isinf(degrees_of_freedom)) return boost::math::quantile(boost::math::normal(), 0.5 + level / 2);
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), 0.5 + level / 2);
}

Interval wald_interval(double estimate, double standard_error, double level, double degrees_of_freedom) {
  const double half = interval_quantile(level, degrees_of_freedom) * standard_error;
  return {estimate - half, estimate + half};
}

double two_sided_p_value(double ratio, double degrees_of_freedom) {
  if (std::isnan(ratio) || !(degrees_of_freedom > 0)) return kNaN;
  const double size = std::abs(ratio);
  if (std::isinf(degrees_of_freedom)) return std::erfc(size / std::sqrt(2.0));
  const boost::math::students_t distribution(degrees_of_freedom);
  return std::isinf(size) ? 0 : 2 * boost::math::cdf(boost::math::complement(distribution, size));
}

Interval logit_interval(double estimate, double standard_error, double level, double degrees_of_freedom) {
  if (!(estimate > 0 && estimate < 1) || !(standard_error >= 0)) return {kNaN, kNaN};
  const auto [lower, upper] =
      wald_interval(std::log(estimate) - std::log1p(-estimate), standard_error / (estimate * (1 - estimate)),
                    level, degrees_of_freedom);
  const auto expit = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {expit(lower), expit(upper)};
}

}  // namespace mixbern
