#include <algorithm>

#include "init/initialise.hpp"
#include "select/group_tests.hpp"
#include "select/joint_mixture.hpp"
#include "stats/covariance.hpp"
#include "stats/information.hpp"

namespace mixbern {
namespace {

// Free cells of the item's copies, less one a component and answer: what making them equal takes away.
double degrees_of_freedom(const FreeParameters& free, const GroupColumns& columns, std::size_t item,
                          std::size_t n_components) {
  double degrees = 0;
  for (std::size_t k = 0; k < n_components; ++k) {
    for (std::size_t c = 0; c < columns.items[item].size; ++c) {
      double n_free = 0;
      for (std::size_t g = 0; g < columns.n_groups; ++g) {
        const std::size_t d = columns.of_group(item, g) + c;
        n_free += free.probabilities[k * columns.n_features + d] != kNotFree ? 1 : 0;
      }
      degrees += std::max(n_free - 1, 0.0);
    }
  }
  return degrees;
}

}  // namespace

void add_score_test(const Dataset& rows, const GroupedModel& restricted, std::size_t item,
                    const FitOptions& options, InvarianceTest& test) {
  FreeItems free_items = restricted.free_items;
  free_items.insert(std::ranges::upper_bound(free_items, item), item);
  const GroupColumns columns(rows, free_items);
  const Mixture joint = joint_of(restricted.mixtures, sizes_of(rows), columns, columns.joint_items());
  const PatternTable table = count_patterns(joint_data(rows, columns, "group"));
  const PosteriorOptions posterior{.threads = options.threads};
  const FreeParameters free = free_parameters(joint, component_sums(joint, table, posterior));
  Information sums = information(joint, table, free, table.rows.weights, posterior);
  add_prior(joint, free, prior_of(options.estimation, summarise_items(RowFacts(table.rows))), sums);
  const Covariance covariance(sums.observed, nullptr, identify(joint, table, free, posterior));
  test.score_degrees_of_freedom = degrees_of_freedom(free, columns, item, joint.n_components());
  const double statistic = std::max(covariance.decrement(sums.gradient), 0.0);
  test.score = {statistic, chi_squared_p_value(statistic, test.score_degrees_of_freedom)};
}

}  // namespace mixbern
