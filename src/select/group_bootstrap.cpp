#include <utility>

#include "select/bootstrap_tally.hpp"
#include "select/group_source.hpp"
#include "select/group_tests.hpp"
#include "select/joint_mixture.hpp"
#include "select/refit.hpp"
#include "select/run_parts.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kRandomStarts = 2;
constexpr std::uint64_t kPurpose = 4;

// How the two models lie in a data set, and what they are fitted from.
class Ratio {
 public:
  Ratio(const Dataset& rows, const GroupedModel& restricted, const GroupedModel& general,
        const RefitOptions& how)
      : restricted_(restricted),
        general_(general),
        small_(rows, restricted.free_items),
        large_(rows, general.free_items),
        how_(how) {}

  double of(const Dataset& drawn, std::uint64_t seed) const {
    RefitOptions how = how_;
    how.seed = seed;
    const std::vector<double> sizes = sizes_of(drawn);
    const Refit small = fitted(drawn, small_, {joint(restricted_.mixtures, sizes, small_)}, how);
    std::vector<Mixture> by_group;
    for (std::size_t g = 0; g < sizes.size(); ++g)
      by_group.push_back(mixture_of_group(small.mixture, small_, g, drawn.items(), drawn.n_features()));
    const Refit large =
        fitted(drawn, large_, {joint(general_.mixtures, sizes, large_), joint(by_group, sizes, large_)}, how);
    return 2 * (large.log_likelihood - small.log_likelihood);
  }

 private:
  static Mixture joint(const std::vector<Mixture>& mixtures, const std::vector<double>& sizes,
                       const GroupColumns& columns) {
    return off_bounds(joint_of(mixtures, sizes, columns, columns.joint_items()));
  }
  Refit fitted(const Dataset& drawn, const GroupColumns& columns, std::vector<Mixture> starts,
               const RefitOptions& how) const {
    const std::size_t n_components = starts.front().n_components();
    return refit(joint_data(drawn, columns, "group"), n_components, std::move(starts), how);
  }

  const GroupedModel& restricted_;
  const GroupedModel& general_;
  GroupColumns small_, large_;
  RefitOptions how_;
};

}  // namespace

BootstrapTest bootstrap_groups(const Dataset& rows, const GroupedModel& restricted,
                               const GroupedModel& general, std::size_t n_samples,
                               const FitOptions& options) {
  refuse_sampling_weights(options.estimation);
  const BootstrapOptions draws{.n_samples = n_samples,
                               .seed = options.seed,
                               .threads = options.threads,
                               .estimation = options.estimation,
                               .watch = options.watch};
  const GroupSource source(rows, restricted, BootstrapKind::kParametric);
  const Ratio ratio(rows, restricted, general,
                    {.n_random = kRandomStarts, .estimation = options.estimation, .watch = options.watch});
  BootstrapTally tally(2 * (general.log_likelihood - restricted.log_likelihood), draws);
  run_parts<double>(
      {"bootstrap", Unit::kSamples, n_samples, options.threads, options.watch},
      [&](std::size_t b) {
        const std::uint64_t seed = bootstrap_seed(options.seed, kPurpose + restricted.n_parameters, b);
        return ratio.of(source.draw(seed, options.watch), seed);
      },
      [&](std::size_t, const double& statistic) { return tally.add(statistic); });
  return tally.result();
}

}  // namespace mixbern
