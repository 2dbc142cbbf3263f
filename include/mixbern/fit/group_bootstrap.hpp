// How a model in groups varies over data sets.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/fit/groups.hpp"
#include "mixbern/select/bootstrap.hpp"

namespace mixbern {

/// How the fit and the parameters of a model in groups vary over data sets with the same groups. Components
/// of each refit are matched with those of the model, group by group where all items are free.
struct GroupedBootstrap {
  std::size_t n_samples = 0;
  std::vector<double> weights = {};  ///< [G × K] standard deviations; NaN where the estimate is at 0 or 1 and
                                     ///< stays there, and for fewer than two data sets
  std::vector<double> weights_of_all = {};  ///< [K]
  std::vector<double> probabilities = {};   ///< [G × K × D] of GroupedModel::mixtures
  /// As in BootstrapFit, of GroupedStatistics::fit; NaN for kResampling.
  double g2_p_value = 0;
  double x2_p_value = 0;
  double cressie_read_p_value = 0;
  double saturated_p_value = 0;  ///< NaN where there is none, too
  double mcar_p_value = 0;       ///< the same
};

/// bootstrap_fit() given the groups: each data set has as many rows of each group as there are, drawn from
/// the mixture of the group with its own weights, and with the missing answers of its rows; or drawn from its
/// rows with replacement. Each refit starts from the model and from two random starts; where all items are
/// free each group is fitted by itself. Deterministic for a seed, for any number of threads. Throws as
/// bootstrap_fit().
GroupedBootstrap grouped_bootstrap(const GroupedModel& model, const Dataset& data, BootstrapKind kind,
                                   const BootstrapOptions& options = {});

}  // namespace mixbern
