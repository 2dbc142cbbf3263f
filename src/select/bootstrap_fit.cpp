#include <span>
#include <stdexcept>
#include <utility>

#include "mixbern/select/bootstrap.hpp"
#include "mixbern/statistics/agreement.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "select/bootstrap_data.hpp"
#include "select/exceeding.hpp"
#include "select/refit.hpp"
#include "select/run_parts.hpp"
#include "select/spread.hpp"
#include "stats/matched.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kRandomStarts = 2;

struct Drawn {
  std::vector<double> weights, probabilities, pairs;
  GoodnessOfFit fit;
};

class Sampler {
 public:
  Sampler(const Mixture& mixture, const Dataset& data, BootstrapKind kind, const BootstrapOptions& options)
      : mixture_(mixture),
        kind_(kind),
        options_(options),
        table_(count_patterns(data, options.estimation.semi_supervised)),
        source_(mixture, table_) {}

  const PatternTable& table() const { return table_; }

  Drawn draw(std::size_t index) const {
    const bool parametric = kind_ == BootstrapKind::kParametric;
    const std::uint64_t seed = bootstrap_seed(options_.seed, parametric ? 1 : 2, index);
    const Dataset rows = parametric ? source_.draw(seed, options_.watch) : resampled(table_, seed);
    const Refit found = refit(rows, mixture_.n_components(), {mixture_},
                              {.n_random = kRandomStarts,
                               .estimation = options_.estimation,
                               .seed = seed,
                               .watch = options_.watch});
    const Mixture mixture = matched(found.mixture, mixture_);
    Drawn drawn{{mixture.weights().begin(), mixture.weights().end()},
                {mixture.probabilities().begin(), mixture.probabilities().end()},
                {},
                {}};
    if (!parametric) return drawn;
    drawn.fit = goodness_of_fit(mixture, rows, {.threads = options_.threads});
    drawn.pairs = bivariate_residuals(mixture, rows);
    return drawn;
  }

 private:
  const Mixture& mixture_;
  BootstrapKind kind_;
  const BootstrapOptions& options_;
  PatternTable table_;
  ParametricSource source_;
};

void check(const Mixture& mixture, const Dataset& data, const BootstrapOptions& options) {
  if (mixture.n_features() != data.n_features())
    throw std::invalid_argument("the model and the data differ in their features");
  refuse_sampling_weights(options.estimation);
  if (options.estimation.semi_supervised && data.labels.empty())
    throw std::invalid_argument("holding labels needs data with labels");
}

}  // namespace

BootstrapFit bootstrap_fit(const Mixture& mixture, const Dataset& data, BootstrapKind kind,
                           const BootstrapOptions& options) {
  check(mixture, data, options);
  const bool parametric = kind == BootstrapKind::kParametric;
  if (parametric) refuse_class_sets(data, options.estimation);
  const Sampler sampler(mixture, data, kind, options);
  Spread weights(mixture.n_components()), probabilities(mixture.probabilities().size());
  const GoodnessOfFit observed = goodness_of_fit(mixture, data, {.threads = options.threads});
  Exceeding fit(statistics_of(observed));
  Exceeding pairs(parametric ? bivariate_residuals(mixture, data) : std::vector<double>{});
  BootstrapFit result;
  if (sampler.table().n >= 1) {
    run_parts<Drawn>(
        {parametric ? "bootstrap" : "resampling", Unit::kSamples, options.n_samples, options.threads,
         options.watch},
        [&](std::size_t b) { return sampler.draw(b); },
        [&](std::size_t, const Drawn& drawn) {
          ++result.n_samples;
          weights.add(drawn.weights);
          probabilities.add(drawn.probabilities);
          fit.add(statistics_of(drawn.fit));
          pairs.add(drawn.pairs);
          return true;
        });
  }
  result.weights = weights.deviations();
  result.probabilities = probabilities.deviations();
  drop_bounds(mixture.probabilities(), result.probabilities);
  set_p_values(fit, parametric, observed.saturated.has_value(), result);
  if (parametric) result.pair_p_values = pairs.p_values(result.n_samples);
  return result;
}

}  // namespace mixbern
