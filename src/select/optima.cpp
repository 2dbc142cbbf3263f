#include "mixbern/select/optima.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "select/search_rule.hpp"
#include "select/start_kinds.hpp"

namespace mixbern {
namespace {

constexpr double kSameComponent = 1e-3;
constexpr double kEmptyRows = 0.5;
// Distinct cells times components up to which another sixty-four starts take well under a second.
constexpr double kCheapWork = 4e5;

bool starts_differ(const FitOptions& options) {
  return options.n_components > 1 && options.init != InitMethod::kLabels &&
         options.init != InitMethod::kModel;
}

bool starts_are_cheap(const FitResult& result) {
  const std::size_t n_rows = result.n_distinct_rows != 0 ? result.n_distinct_rows : result.n_rows;
  const double cells = static_cast<double>(n_rows) * (30 + static_cast<double>(result.mixture.n_features()));
  return cells * static_cast<double>(result.mixture.n_components()) <= kCheapWork;
}

bool one_kind_only(const FitResult& result) {
  const auto reached = [](const StartKind& kind) { return kind.n_init_at_best > 0; };
  return result.start_kinds.size() > 1 && std::ranges::count_if(result.start_kinds, reached) == 1;
}

// The better of two, with what all starts of both say.
FitResult merged(FitResult a, FitResult b) {
  if (b.log_likelihood > a.log_likelihood) std::swap(a, b);
  a.start_inits.insert(a.start_inits.end(), b.start_inits.begin(), b.start_inits.end());
  a.log_likelihoods.insert(a.log_likelihoods.end(), b.log_likelihoods.begin(), b.log_likelihoods.end());
  std::ranges::move(b.traces, std::back_inserter(a.traces));
  a.n_init += b.n_init;
  a.total_iterations += b.total_iterations;
  a.seconds_init += b.seconds_init;
  a.seconds_em += b.seconds_em;
  count_reached(a);
  return a;
}

}  // namespace

std::vector<Optimum> distinct_optima(std::span<const double> log_likelihoods, std::optional<double> margin) {
  std::vector<double> values;
  for (const double value : log_likelihoods) {
    if (!std::isnan(value)) values.push_back(value);
  }
  std::ranges::sort(values, std::greater<>());
  std::vector<Optimum> optima;
  const double same_within = values.empty() ? 0 : margin.value_or(kSameInRace * std::abs(values.front()));
  for (const double value : values) {
    const bool same = !optima.empty() && (value == optima.back().log_likelihood ||
                                          value >= optima.back().log_likelihood - same_within);
    if (same) {
      ++optima.back().n_init;
    } else {
      optima.push_back({value, 1});
    }
  }
  return optima;
}

FitResult fit_replicated(const Dataset& data, const FitOptions& options,
                         const ReplicationOptions& replication) {
  FitResult result = fit(data, options);
  const bool searched = options.n_init == 0 && !std::isnan(result.unseen_share);
  if (searched || !starts_differ(options) || !starts_are_cheap(result)) return result;
  FitOptions again = options;
  for (std::size_t round = 1; round < replication.n_rounds; ++round) {
    if (result.n_init_at_best >= replication.n_replications) break;
    if (result.stop_reason == StopReason::kCancelled) break;
    again.seed = options.seed + round * 0x9e3779b97f4a7c15ULL;  // far from the seeds that people choose
    result = merged(std::move(result), fit(data, again));
  }
  result.options.seed = options.seed;
  return result;
}

ComponentProblems component_problems(const Mixture& mixture, double n_rows) {
  ComponentProblems problems;
  const std::size_t n_components = mixture.n_components();
  for (std::size_t a = 0; a < n_components; ++a) {
    if (mixture.weights()[a] * n_rows < kEmptyRows) {
      problems.empty.push_back(a);
      continue;
    }
    for (std::size_t b = a + 1; b < n_components; ++b) {
      const auto left = mixture.probabilities(a), right = mixture.probabilities(b);
      const bool same = std::equal(left.begin(), left.end(), right.begin(),
                                   [](double x, double y) { return std::abs(x - y) <= kSameComponent; });
      if (same && mixture.weights()[b] * n_rows >= kEmptyRows) problems.duplicates.emplace_back(a, b);
    }
  }
  return problems;
}

bool starts_end_apart(const Mixture& mixture) {
  constexpr std::size_t kManyFeatures = 64;
  return mixture.n_features() >= kManyFeatures && mixture.n_components() > 1;
}

std::vector<std::string> optima_warnings(const FitResult& result) {
  std::vector<std::string> warnings;
  if (result.n_init > 1 && result.n_init_at_best == 1 && !starts_end_apart(result.mixture)) {
    warnings.push_back("the best log-likelihood was reached by one of " + std::to_string(result.n_init) +
                       " starts only: others may be better still; try more starts");
  }
  if (result.n_init_at_best > 1 && one_kind_only(result)) {
    const auto kind = std::ranges::find_if(result.start_kinds,
                                           [](const StartKind& each) { return each.n_init_at_best > 0; });
    warnings.push_back("the best log-likelihood was reached by starts of one kind only (" +
                       std::string(to_string(kind->init)) + ", " + std::to_string(kind->n_init_at_best) +
                       " of " + std::to_string(kind->n_init) +
                       "): it is hard to find, and others may be better still; more starts (n_init) or "
                       "fewer components are safer");
  }
  const ComponentProblems problems = component_problems(result.mixture, result.n_informative);
  if (problems.duplicates.size() == 1) {
    const auto& [a, b] = problems.duplicates.front();
    warnings.push_back("the components of weight " + std::to_string(result.mixture.weights()[a]) + " and " +
                       std::to_string(result.mixture.weights()[b]) +
                       " are the same: fewer components fit as well");
  } else if (!problems.duplicates.empty()) {
    warnings.push_back(std::to_string(problems.duplicates.size()) +
                       " pairs of components are the same: fewer components fit as well");
  }
  if (!problems.empty.empty()) {
    const bool one = problems.empty.size() == 1;
    warnings.push_back((one ? "a component is" : std::to_string(problems.empty.size()) + " components are") +
                       std::string(" empty: fewer components fit as well"));
  }
  return warnings;
}

}  // namespace mixbern
