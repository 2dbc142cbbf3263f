#include "mixbern/select/bootstrap.hpp"

#include <stdexcept>
#include <string>

#include "data/names.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "select/bootstrap_data.hpp"
#include "select/bootstrap_tally.hpp"
#include "select/check.hpp"
#include "select/refit.hpp"
#include "select/run_parts.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kRandomStartsOfNull = 2;
constexpr std::size_t kRandomStarts = 8;
constexpr Names<BootstrapEnd, 4> kEnds{{{BootstrapEnd::kAllDrawn, "all_drawn"},
                                        {BootstrapEnd::kClearlyLarge, "clearly_large"},
                                        {BootstrapEnd::kCancelled, "cancelled"},
                                        {BootstrapEnd::kNoRows, "no_rows"}}};

void check(const Mixture& null, const Mixture& alternative, const Dataset& data) {
  if (null.n_features() != data.n_features() || alternative.n_features() != data.n_features())
    throw std::invalid_argument("the models and the data differ in their features");
  if (alternative.n_components() <= null.n_components()) {
    throw std::invalid_argument("the alternative has " + std::to_string(alternative.n_components()) +
                                " components, the null model " + std::to_string(null.n_components()));
  }
}

// `mixture` with components split until there are `n_components`: the first split is that of component
// `first`, the others are of the largest.
Mixture enlarged(const Mixture& mixture, std::size_t first, std::size_t n_components, std::uint64_t seed) {
  Mixture result = with_split_component(mixture, first, seed);
  while (result.n_components() < n_components)
    result = with_split_component(result, order_by_weight(result).front(), ++seed);
  return result;
}

double drawn_statistic(const Mixture& null, const Mixture& alternative, const Dataset& rows,
                       const BootstrapOptions& options, std::uint64_t seed) {
  RefitOptions how{.n_random = kRandomStartsOfNull,
                   .estimation = options.estimation,
                   .seed = seed,
                   .watch = options.watch};
  how.estimation.smoothing = options.null_smoothing.value_or(options.estimation.smoothing);
  const Refit small = refit(rows, null.n_components(), {null}, how);
  std::vector<Mixture> starts{alternative};
  for (std::size_t k = 0; k < null.n_components(); ++k)
    starts.push_back(enlarged(small.mixture, k, alternative.n_components(), seed + k));
  how.n_random = kRandomStarts;
  how.estimation = options.estimation;
  const Refit large = refit(rows, alternative.n_components(), std::move(starts), how);
  return 2 * (large.log_likelihood - small.log_likelihood);
}

}  // namespace

std::string_view to_string(BootstrapEnd end) {
  return name_of(kEnds, end);
}

BootstrapTest bootstrap_likelihood_ratio_test(const Mixture& null, const Mixture& alternative,
                                              const Dataset& data, const BootstrapOptions& options) {
  check(null, alternative, data);
  refuse_sampling_weights(options.estimation);
  refuse_class_sets(data, options.estimation);
  const bool semi_supervised = options.estimation.semi_supervised;
  const PatternTable table = count_patterns(data, semi_supervised);
  const PosteriorOptions posterior{.threads = options.threads, .semi_supervised = semi_supervised};
  BootstrapTally tally(
      2 * (log_likelihood(alternative, table.rows, posterior) - log_likelihood(null, table.rows, posterior)),
      options);
  if (table.rows.n_rows() == 0) {
    BootstrapTest nothing = tally.result();
    nothing.ended = BootstrapEnd::kNoRows;
    return nothing;
  }
  const ParametricSource source(null, table);
  const std::uint64_t purpose = null.n_components() * 65'536 + alternative.n_components();
  run_parts<double>(
      {"bootstrap test", Unit::kSamples, options.n_samples, options.threads, options.watch},
      [&](std::size_t b) {
        const std::uint64_t seed = bootstrap_seed(options.seed, purpose, b);
        return drawn_statistic(null, alternative, source.draw(seed, options.watch), options, seed);
      },
      [&](std::size_t, const double& statistic) { return tally.add(statistic); });
  return tally.result();
}

}  // namespace mixbern
