
#include "mixbern/fit/group_bootstrap.hpp"
#include "select/exceeding.hpp"
#include "select/group_columns.hpp"
#include "select/group_fit.hpp"
#include "select/group_source.hpp"
#include "select/joint_mixture.hpp"
#include "select/refit.hpp"
#include "select/run_parts.hpp"
#include "select/spread.hpp"
#include "stats/matched.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kRandomStarts = 2;

// The parameters of a model in groups, as GroupedBootstrap has them.
struct Numbers {
  std::vector<double> weights = {}, weights_of_all = {}, probabilities = {};
  GoodnessOfFit fit = {};
};

Numbers numbers_of(const std::vector<Mixture>& mixtures, const std::vector<double>& sizes) {
  const std::size_t n_components = mixtures[0].n_components();
  double total = 0;
  for (const double size : sizes) total += size;
  Numbers result{.weights_of_all = std::vector<double>(n_components)};
  for (std::size_t g = 0; g < mixtures.size(); ++g) {
    const auto pi = mixtures[g].weights(), theta = mixtures[g].probabilities();
    result.weights.insert(result.weights.end(), pi.begin(), pi.end());
    result.probabilities.insert(result.probabilities.end(), theta.begin(), theta.end());
    for (std::size_t k = 0; k < n_components; ++k) result.weights_of_all[k] += sizes[g] / total * pi[k];
  }
  return result;
}

class GroupSampler {
 public:
  GroupSampler(const GroupedModel& model, const Dataset& rows, BootstrapKind kind,
               const BootstrapOptions& options)
      : model_(model),
        rows_(rows),
        kind_(kind),
        options_(options),
        columns_(rows, model.free_items),
        source_(rows, model, kind) {}

  Numbers draw(std::size_t index) const {
    const bool parametric = kind_ == BootstrapKind::kParametric;
    const std::uint64_t seed = bootstrap_seed(options_.seed, parametric ? 1 : 2, index);
    const Dataset drawn = source_.draw(seed, options_.watch);
    const bool all_free = model_.free_items.size() == columns_.items.size();
    std::vector<Dataset> groups;
    if (all_free || parametric) groups = rows_of_each_group(drawn, columns_.n_groups);
    const std::vector<Mixture> mixtures = all_free ? fitted_each(groups, seed) : fitted_together(drawn, seed);
    Numbers numbers = numbers_of(mixtures, model_.group_sizes);
    std::vector<double> by_group;
    if (parametric) numbers.fit = sum_over_groups(mixtures, groups, {.threads = options_.threads}, by_group);
    return numbers;
  }

 private:
  Mixture fitted(const Dataset& rows, const Mixture& like, std::uint64_t seed) const {
    const Refit found = refit(rows, like.n_components(), {like},
                              {.n_random = kRandomStarts,
                               .estimation = options_.estimation,
                               .seed = seed,
                               .watch = options_.watch});
    return matched(found.mixture, like);
  }
  std::vector<Mixture> fitted_each(const std::vector<Dataset>& groups, std::uint64_t seed) const {
    std::vector<Mixture> mixtures;
    for (std::size_t g = 0; g < columns_.n_groups; ++g)
      mixtures.push_back(fitted(groups[g], model_.mixtures[g], seed));
    return mixtures;
  }
  std::vector<Mixture> fitted_together(const Dataset& drawn, std::uint64_t seed) const {
    const Mixture joint = fitted(joint_data(drawn, columns_, "group"), model_.joint, seed);
    std::vector<Mixture> mixtures;
    for (std::size_t g = 0; g < columns_.n_groups; ++g)
      mixtures.push_back(mixture_of_group(joint, columns_, g, rows_.items(), rows_.n_features()));
    return mixtures;
  }

  const GroupedModel& model_;
  const Dataset& rows_;
  BootstrapKind kind_;
  const BootstrapOptions& options_;
  GroupColumns columns_;
  GroupSource source_;
};

}  // namespace

GroupedBootstrap grouped_bootstrap(const GroupedModel& model, const Dataset& data, BootstrapKind kind,
                                   const BootstrapOptions& options) {
  refuse_sampling_weights(options.estimation);
  const Dataset rows = rows_of_groups(data);
  const GroupSampler sampler(model, rows, kind, options);
  const Numbers estimates = numbers_of(model.mixtures, model.group_sizes);
  Spread weights(estimates.weights.size()), of_all(estimates.weights_of_all.size()),
      probabilities(estimates.probabilities.size());
  std::vector<double> by_group;
  const GoodnessOfFit observed =
      sum_over_groups(model.mixtures, rows_of_each_group(rows, model.mixtures.size()),
                      {.threads = options.threads}, by_group);
  Exceeding exceeding(statistics_of(observed));
  GroupedBootstrap result;
  const bool parametric = kind == BootstrapKind::kParametric;
  run_parts<Numbers>(
      {parametric ? "bootstrap" : "resampling", Unit::kSamples, options.n_samples, options.threads,
       options.watch},
      [&](std::size_t b) { return sampler.draw(b); },
      [&](std::size_t, const Numbers& drawn) {
        ++result.n_samples;
        weights.add(drawn.weights);
        of_all.add(drawn.weights_of_all);
        probabilities.add(drawn.probabilities);
        if (parametric) exceeding.add(statistics_of(drawn.fit));
        return true;
      });
  result.weights = weights.deviations();
  result.weights_of_all = of_all.deviations();
  result.probabilities = probabilities.deviations();
  if (model.joint.n_components() > 1) drop_bounds(estimates.weights, result.weights);
  drop_bounds(estimates.probabilities, result.probabilities);
  set_p_values(exceeding, parametric, observed.saturated.has_value(), result);
  return result;
}

}  // namespace mixbern
