#include "mixbern/fit/groups.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "mixbern/mixture/posterior.hpp"
#include "select/check.hpp"
#include "select/group_columns.hpp"
#include "select/group_states.hpp"
#include "select/joint_mixture.hpp"
#include "stats/matched.hpp"

namespace mixbern {
namespace {

// Names, sizes, mixtures and likelihood of `joint`, which has to be there.
void describe(const Dataset& rows, const GroupColumns& columns, unsigned threads, GroupedModel& model) {
  model.group_names = rows.label_names;
  model.group_sizes = sizes_of(rows);
  take_mixtures(rows, columns, model);
  for (std::size_t g = 0; g < columns.n_groups; ++g)
    model.log_likelihood += log_likelihood(model.mixtures[g], rows_of_group(rows, g), {.threads = threads});
}

// The better of a fit from its own starts and one from `near`.
FitResult best_fit(const Dataset& data, const FitOptions& options, const std::optional<Mixture>& near,
                   bool own_starts, const Checkpointing& checkpointing) {
  std::optional<FitResult> best;
  if (own_starts) best = fit(data, options, checkpointing);
  if (near) {
    FitOptions from = options;
    from.init = InitMethod::kModel;
    from.init_model = *near;
    FitResult other = fit(data, from);
    if (!best || other.log_likelihood > best->log_likelihood + best->optimum_margin) {
      if (best) other.n_init += best->n_init;
      best = std::move(other);
    }
  }
  return *std::move(best);
}

void take(const FitResult& result, GroupedModel& model, bool first) {
  model.converged = (first || model.converged) && result.converged;
  model.n_init += result.n_init;
  model.n_init_at_best =
      first ? result.n_init_at_best : std::min(model.n_init_at_best, result.n_init_at_best);
  model.warnings.insert(model.warnings.end(), result.warnings.begin(), result.warnings.end());
}

// Each group by itself; classes in the order of those of the largest group that they resemble most.
GroupedModel fit_each(const Dataset& rows, const GroupColumns& columns, const FitOptions& options,
                      const GroupedModel* near, const Checkpointing& checkpointing) {
  GroupedModel model{.joint = Mixture({1}, {0.5})};
  std::vector<Mixture> mixtures;
  GroupStates states(checkpointing, columns.n_groups);
  for (std::size_t g = 0; g < columns.n_groups; ++g) {
    const auto start = near ? std::optional(off_bounds(near->mixtures[g])) : std::nullopt;
    const FitResult found = best_fit(rows_of_group(rows, g), options, start, true, states.of(g));
    take(found, model, g == 0);
    mixtures.push_back(found.mixture);
  }
  const std::vector<double> sizes = sizes_of(rows);
  const auto reference = static_cast<std::size_t>(std::ranges::max_element(sizes) - sizes.begin());
  const Mixture like = mixtures[reference];
  for (Mixture& mixture : mixtures) mixture = matched(mixture, like);
  model.joint = joint_of(mixtures, sizes, columns, columns.joint_items());
  return model;
}

GroupedModel fitted(const Dataset& data, const FreeItems& free_items, const FitOptions& options,
                    const GroupedModel* near, const Checkpointing& checkpointing) {
  refuse_constraints(options.constraints, "a fit in groups, whose classes have items of their own,");
  const Dataset rows = rows_of_groups(data);
  const GroupColumns columns(rows, free_items);
  if (!free_items.empty() && free_items.back() >= columns.items.size())
    throw std::invalid_argument("a free item is beyond the last");
  GroupedModel model{.joint = Mixture({1}, {0.5})};
  if (free_items.size() == columns.items.size()) {
    model = fit_each(rows, columns, options, near, checkpointing);
  } else {
    std::optional<Mixture> start;
    if (near) start = off_bounds(joint_of(near->mixtures, sizes_of(rows), columns, columns.joint_items()));
    // Beside a model that is near, its own starts would find it again; an equal one has none beside it.
    const FitResult found =
        best_fit(joint_data(rows, columns, "group"), options, start, near == nullptr, checkpointing);
    take(found, model, true);
    model.joint = found.mixture;
  }
  model.free_items = free_items;
  describe(rows, columns, options.threads, model);
  return model;
}

}  // namespace

double GroupedModel::aic() const {
  return -2 * log_likelihood + 2 * static_cast<double>(n_parameters);
}

double GroupedModel::bic() const {
  const double n = std::accumulate(group_sizes.begin(), group_sizes.end(), 0.0);
  return -2 * log_likelihood + static_cast<double>(n_parameters) * std::log(n);
}

GroupedModel fit_groups(const Dataset& data, const FreeItems& free_items, const FitOptions& options,
                        const GroupedModel* near) {
  return fitted(data, free_items, options, near, {});
}

GroupedModel fit_groups(const Dataset& data, const FreeItems& free_items, const FitOptions& options,
                        const Checkpointing& checkpointing) {
  return fitted(data, free_items, options, nullptr, checkpointing);
}

}  // namespace mixbern
