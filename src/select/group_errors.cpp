// Standard errors of a model in groups, from those of plain mixtures.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "mixbern/fit/group_statistics.hpp"
#include "select/group_columns.hpp"
#include "select/joint_mixture.hpp"
#include "select/replicate_errors.hpp"
#include "select/spread.hpp"
#include "stats/standard_errors.hpp"

namespace mixbern {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double root(double variance) {
  return variance >= 0 ? std::sqrt(variance) : kNaN;
}

std::vector<double> shares_of(const Dataset& rows) {
  std::vector<double> shares = sizes_of(rows);
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= total;
  return shares;
}

// Slopes of the weights of components given a group, by the parameters of the joint mixture.
class WeightSlopes {
 public:
  WeightSlopes(const GroupedModel& model, const GroupColumns& columns, const FreeParameters& free)
      : model_(model), columns_(columns), free_(free) {}

  // With a_j = log π_j + log P(g | j): dπ_{k|g} = π_{k|g} (da_k − Σ_j π_{j|g} da_j).
  Eigen::VectorXd of(std::size_t k, std::size_t group) const {
    const auto pi = model_.mixtures[group].weights();
    Eigen::VectorXd slope = zero();
    add_log_joint(k, group, pi[k], slope);
    for (std::size_t j = 0; j < pi.size(); ++j) add_log_joint(j, group, -pi[k] * pi[j], slope);
    return slope;
  }
  // A component that a group has nothing of, and one that is empty, have no standard error.
  bool is_known(std::size_t k, std::size_t group) const {
    const std::size_t cell = k * columns_.n_features + columns_.group_first + group;
    return !free_.is_empty(k) && !std::ranges::binary_search(free_.boundary, cell);
  }
  Eigen::VectorXd zero() const { return Eigen::VectorXd::Zero(static_cast<Eigen::Index>(free_.count)); }

 private:
  // d log π_j has a part that is the same for all j, and falls out; d log P(g | j) / dη_e = [e = g] − P(e |
  // j).
  void add_log_joint(std::size_t j, std::size_t group, double factor, Eigen::VectorXd& slope) const {
    if (free_.weights[j] != kNotFree) slope(free_.weights[j]) += factor;
    const auto theta = model_.joint.probabilities(j);
    for (std::size_t e = 0; e < columns_.n_groups; ++e) {
      const std::size_t d = columns_.group_first + e;
      const std::ptrdiff_t at = free_.probabilities[j * columns_.n_features + d];
      if (at != kNotFree) slope(at) += factor * ((e == group ? 1.0 : 0.0) - theta[d]);
    }
  }

  const GroupedModel& model_;
  const GroupColumns& columns_;
  const FreeParameters& free_;
};

void fill_weights(const WeightSlopes& slopes, const std::vector<double>& shares, std::size_t n_components,
                  const Covariance& covariance, GroupedErrors& result) {
  for (std::size_t k = 0; k < n_components; ++k) {
    Eigen::VectorXd of_all = slopes.zero();
    bool known = true;
    for (std::size_t g = 0; g < shares.size(); ++g) {
      const Eigen::VectorXd slope = slopes.of(k, g);
      if (slopes.is_known(k, g)) result.weights[g * n_components + k] = root(covariance.variance(slope));
      known = known && slopes.is_known(k, g);
      of_all += shares[g] * slope;
    }
    if (known) result.weights_of_all[k] = root(covariance.variance(of_all));
  }
}

// The cells that each group sees.
void fill_probabilities(const GroupedModel& model, const GroupColumns& columns, std::size_t n_features,
                        GroupedErrors& result) {
  for (std::size_t g = 0; g < columns.n_groups; ++g) {
    for (std::size_t k = 0; k < model.joint.n_components(); ++k) {
      std::vector<double> own(n_features);
      for (std::size_t j = 0; j < columns.items.size(); ++j) {
        for (std::size_t c = 0; c < columns.items[j].size; ++c)
          own[columns.items[j].first + c] =
              result.joint.probabilities[k * columns.n_features + columns.of_group(j, g) + c];
      }
      result.probabilities.insert(result.probabilities.end(), own.begin(), own.end());
    }
  }
}

void errors_of_joint(const GroupedModel& model, const std::vector<double>& shares,
                     const GroupColumns& columns, const Dataset& joint, const StandardErrorOptions& options,
                     GroupedErrors& result) {
  const std::size_t n_components = model.joint.n_components();
  result.joint = standard_errors(model.joint, joint, options,
                                 [&](const FreeParameters& free, const Covariance& covariance) {
                                   const WeightSlopes slopes(model, columns, free);
                                   if (n_components > 1)
                                     fill_weights(slopes, shares, n_components, covariance, result);
                                 });
  result.method = result.joint.method;
  fill_probabilities(model, columns, model.mixtures[0].n_features(), result);
}

void append(const std::string& group, const std::vector<std::string>& from, std::vector<std::string>& to) {
  for (const std::string& text : from) to.push_back(std::string(group).append(": ").append(text));
}

// Weights and P(g | k) of the joint mixture from those of independent groups whose shares are known.
void join_weights(const GroupedModel& model, const GroupColumns& columns, const std::vector<double>& shares,
                  GroupedErrors& result) {
  const std::size_t n_components = model.joint.n_components();
  for (std::size_t k = 0; k < n_components; ++k) {
    double sum = 0;
    const auto variance = [&](std::size_t g) {
      return std::pow(shares[g] * result.weights[g * n_components + k], 2);
    };
    for (std::size_t g = 0; g < shares.size(); ++g) sum += variance(g);
    result.weights_of_all[k] = result.joint.weights[k] = root(sum);
    for (std::size_t g = 0; g < shares.size(); ++g) {
      const std::size_t d = columns.group_first + g;
      const double p = model.joint.probabilities(k)[d], own = variance(g);
      const double spread = (1 - p) * (1 - p) * own + p * p * (sum - own);
      result.joint.probabilities[k * columns.n_features + d] = root(spread) / model.joint.weights()[k];
    }
  }
}

void add_counts(const StandardErrors& own, StandardErrors& joint) {
  joint.n_free += own.n_free;
  joint.rank += own.rank;
  joint.n_undetermined += own.n_undetermined;
  joint.n_vague += own.n_vague;
}

// Each group by itself.
void errors_of_each(const GroupedModel& model, const Dataset& rows, const GroupColumns& columns,
                    const StandardErrorOptions& options, GroupedErrors& result) {
  const std::size_t n_components = model.joint.n_components(), n_features = rows.n_features();
  result.joint = {.method = options.method,
                  .weights = std::vector<double>(n_components, kNaN),
                  .probabilities = std::vector<double>(n_components * columns.n_features, kNaN)};
  for (std::size_t g = 0; g < columns.n_groups; ++g) {
    const StandardErrors own = standard_errors(model.mixtures[g], rows_of_group(rows, g), options);
    std::ranges::copy(own.weights, result.weights.begin() + static_cast<std::ptrdiff_t>(g * n_components));
    result.probabilities.insert(result.probabilities.end(), own.probabilities.begin(),
                                own.probabilities.end());
    for (std::size_t j = 0; j < columns.items.size(); ++j) {
      for (std::size_t at = 0; at < n_components * columns.items[j].size; ++at) {
        const std::size_t k = at / columns.items[j].size, c = at % columns.items[j].size;
        result.joint.probabilities[k * columns.n_features + columns.of_group(j, g) + c] =
            own.probabilities[k * n_features + columns.items[j].first + c];
      }
    }
    add_counts(own, result.joint);
    append(rows.label_names[g], own.warnings, result.joint.warnings);
    append(rows.label_names[g], own.doubts, result.joint.doubts);
  }
  join_weights(model, columns, shares_of(rows), result);
}

GroupedErrors without_errors(const GroupedModel& model, StandardErrorMethod method) {
  const std::size_t n_components = model.joint.n_components();
  // The only component has all of each group, whatever the data.
  const double unknown = n_components == 1 ? 0 : kNaN;
  return {.method = method,
          .weights = std::vector<double>(model.weights.size(), unknown),
          .weights_of_all = std::vector<double>(n_components, unknown)};
}

// Σ_g s_g π_{k|g}
std::vector<double> weighted_by(const std::vector<double>& shares, const std::vector<double>& weights) {
  std::vector<double> sums(weights.size() / shares.size());
  for (std::size_t at = 0; at < weights.size(); ++at)
    sums[at % sums.size()] += shares[at / sums.size()] * weights[at];
  return sums;
}

// Without one there is nothing that a replicate's weights of the group could be estimated from.
void require_each_group(const GroupedModel& model, const GroupColumns& columns, const Dataset& joint,
                        const ReplicateWeights& replicates) {
  for (std::size_t r = 0; r < replicates.weights.size(); ++r) {
    const std::vector<double>& replicate = replicates.weights[r];
    std::vector<double> sums(columns.n_groups);
    for (std::size_t i = 0; i < std::min(replicate.size(), joint.n_rows()); ++i) {
      for (std::size_t g = 0; g < sums.size(); ++g)
        sums[g] += test(joint.ones, i, columns.group_first + g) ? replicate[i] : 0;
    }
    for (std::size_t g = 0; g < sums.size(); ++g) {
      if (sums[g] > 0) continue;
      throw std::invalid_argument(
          "replicate " + std::to_string(r + 1) + " has no row of the group '" + model.group_names[g] +
          "', whose weights it would have to estimate: leave the group out, or join it "
          "with another");
    }
  }
}

}  // namespace

GroupedErrors grouped_standard_errors(const GroupedModel& model, const Dataset& data,
                                      const StandardErrorOptions& options) {
  const Dataset rows = rows_of_groups(data);
  const GroupColumns columns(rows, model.free_items);
  GroupedErrors result = without_errors(model, options.method);
  // A cluster may have rows of several groups, which are not independent then.
  if (model.free_items.size() == columns.items.size() && !options.design.given()) {
    errors_of_each(model, rows, columns, options, result);
  } else if (options.design.given()) {
    errors_of_joint(model, shares_of(rows), columns, joint_data_in_place(data, columns), options, result);
  } else {
    errors_of_joint(model, shares_of(rows), columns, joint_data(rows, columns, "group"), options, result);
  }
  return result;
}

GroupedErrors grouped_replicate_errors(const GroupedModel& model, const Dataset& data,
                                       const ReplicateWeights& replicates, const ReplicateOptions& options) {
  const Dataset rows = rows_of_groups(data);
  const GroupColumns columns(rows, model.free_items);
  const std::vector<double> shares = shares_of(rows);
  const Mixture& one = model.mixtures[0];
  const auto weights_of = [&](const Mixture& joint) {
    std::vector<double> weights;
    for (std::size_t g = 0; g < columns.n_groups; ++g) {
      const Mixture own = mixture_of_group(joint, columns, g, one.items(), one.n_features());
      weights.insert(weights.end(), own.weights().begin(), own.weights().end());
    }
    return weights;
  };
  const Dataset joint = joint_data_in_place(data, columns);
  require_each_group(model, columns, joint, replicates);
  GroupedErrors result = without_errors(model, StandardErrorMethod::kSandwich);
  Deviations weights(model.weights), of_all(weighted_by(shares, model.weights));
  result.joint = replicate_standard_errors(model.joint, joint, replicates, options,
                                           [&](const Mixture& found, double factor) {
                                             const std::vector<double> own = weights_of(found);
                                             weights.add(own, factor);
                                             of_all.add(weighted_by(shares, own), factor);
                                           });
  result.weights = weights.roots();
  result.weights_of_all = of_all.roots();
  if (one.n_components() > 1) drop_bounds(model.weights, result.weights);
  fill_probabilities(model, columns, one.n_features(), result);
  return result;
}

}  // namespace mixbern
