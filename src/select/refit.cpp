#include "select/refit.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <memory>

#include "base/random.hpp"
#include "data/row_facts.hpp"
#include "em/em_run.hpp"
#include "em/quiet_watch.hpp"
#include "init/initialise.hpp"
#include "select/race.hpp"

namespace mixbern {
namespace {

// How long all starts run, how many go on, and how far, in multiples of total_tol.
struct Effort {
  std::size_t first_iterations;
  std::size_t n_finalists;
  double tolerance;
};
constexpr Effort kThorough{40, 4, 1};
constexpr Effort kHasty{12, 2, 200};
// Distinct rows times components above which a bootstrap of thorough fits would take minutes.
constexpr std::size_t kDearWork = 8000;
constexpr std::size_t kMaxIterations = 2000;
constexpr double kSplitNoise = 1.0;
// Off the bound by what a tenth of a row of a hundred leaves, so that EM can leave it.
constexpr double kOffBound = 1e-3;

}  // namespace

Refit refit(const Dataset& rows, std::size_t n_components, std::vector<Mixture> starts,
            const RefitOptions& options) {
  const bool dear = rows.n_rows() * n_components > kDearWork;
  const Effort effort = dear ? kHasty : kThorough;
  const Arithmetic arithmetic = dear ? Arithmetic::kFixed : Arithmetic::kDouble;
  const RowsOfDataset source(rows, arithmetic, options.estimation.semi_supervised);
  const RowFacts facts(source, arithmetic);
  const ItemSummary items = summarise_items(facts);
  const Ties ties = starts.empty() ? Ties() : starts.front().ties();
  for (std::size_t start = 0; start < options.n_random; ++start)
    starts.push_back(
        constrained(random_start(rows, {n_components, options.seed, start, items.means, items.items}), ties));
  const EmOptions em{.max_iter = kMaxIterations,
                     .tol = effort.tolerance * options.total_tol / std::max(total_weight(rows), 1.0),
                     .prior = prior_of(options.estimation, items),
                     .acceleration = Acceleration::kAuto,
                     .constant_features = items.constant};
  const auto reducer =
      make_serial_reducer(layout_for(facts, n_components), block_rows_for(0, n_components, arithmetic));
  QuietWatch watch(options.watch);
  Race race;
  for (const std::size_t start : race.add(starts.size()))
    race.run(start) = std::make_unique<EmRun>(source, facts, starts[start], em);
  const auto run = [&](const Entrants& entrants, std::size_t iterations) {
    for (const std::size_t start : entrants) race.run(start)->advance(iterations, *reducer, &watch);
  };
  const auto keep_best = [&race](std::size_t n, Entrants& entrants) {
    race.rank(entrants);
    entrants.resize(n);
  };
  Entrants finalists =
      finalists_of(race.all(), {effort.first_iterations, effort.n_finalists, true}, {run, keep_best});
  run(finalists, kMaxIterations);
  race.rank(finalists);
  const EmRun& best = *race.run(finalists.front());
  return {best.mixture(), best.log_likelihood()};
}

Mixture with_split_component(const Mixture& mixture, std::size_t k, std::uint64_t seed) {
  Engine engine(seed);
  boost::random::normal_distribution<double> noise(0, kSplitNoise);
  std::vector<double> weights(mixture.weights().begin(), mixture.weights().end());
  std::vector<double> probabilities(mixture.probabilities().begin(), mixture.probabilities().end());
  weights[k] /= 2;
  weights.push_back(weights[k]);
  const std::size_t n_features = mixture.n_features();
  for (std::size_t d = 0; d < n_features; ++d) {
    const double theta = std::clamp(probabilities[k * n_features + d], kOffBound, 1 - kOffBound);
    const double logit = std::log(theta / (1 - theta)), shift = noise(engine);
    probabilities[k * n_features + d] = 1 / (1 + std::exp(-logit - shift));
    probabilities.push_back(1 / (1 + std::exp(-logit + shift)));
  }
  return {std::move(weights), std::move(probabilities), mixture.items()};
}

}  // namespace mixbern
