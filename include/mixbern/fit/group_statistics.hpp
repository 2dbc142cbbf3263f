// How sure the parameters of a model in groups are, and whether it fits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mixbern/fit/groups.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/replicates.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern {

/// Standard errors of a model in groups, given the groups. NaN stands for what has none, as in
/// StandardErrors.
struct GroupedErrors {
  StandardErrorMethod method = StandardErrorMethod::kObserved;
  std::vector<double> weights = {};         ///< [G × K] of π_{k|g}
  std::vector<double> weights_of_all = {};  ///< [K] of Σ_g s_g π_{k|g}, s_g the share of group g, as known
  std::vector<double> probabilities = {};  ///< [G × K × D] of GroupedModel::mixtures; equal where these are
  /// Of GroupedModel::joint, which has the group as an item. Where all items are free it is put together from
  /// those of the groups.
  StandardErrors joint = {};
};

/// With equal items one matrix of information for all: that of the joint mixture. π_{k|g} = π_k P(g | k) /
/// Σ_j π_j P(g | j) follows by the delta method; the share of a group is a parameter of its own there, whose
/// information hangs together with nothing else. Where all items are free each group has its own matrix.
///
/// A survey's design is that of all rows of `data`, clusters of rows that take no part too; it takes the
/// joint mixture whatever is free, since rows of several groups may share a cluster. joint.degrees_of_freedom
/// are those of intervals.
///
/// `data` and the estimation of `options` are those of the fit. Throws as standard_errors(). Cost: as
/// standard_errors() of the joint mixture, or of each group.
GroupedErrors grouped_standard_errors(const GroupedModel& model, const Dataset& data,
                                      const StandardErrorOptions& options = {});

/// From replicate weights of all rows of `data`: replicate_standard_errors() of the joint mixture, and of
/// weights by group in the same way; the groups' shares are those of the whole sample.
GroupedErrors grouped_replicate_errors(const GroupedModel& model, const Dataset& data,
                                       const ReplicateWeights& replicates,
                                       const ReplicateOptions& options = {});

/// Whether a model in groups fits, given the groups.
struct GroupedStatistics {
  Classification classification = {};  ///< posteriors know the group of a row
  Criteria criteria = {};
  /// Sums over the groups of the comparison of each with its own saturated model; degrees of freedom: cells −
  /// tables − parameters of the model in groups.
  GoodnessOfFit fit = {};
  std::vector<double> g2_by_group = {};  ///< [G] what each adds to G²
  /// [items] Pearson's statistic of the table of the item's answers by groups, divided by (G − 1)(C − 1):
  /// large where an item that is held equal is not.
  std::vector<double> with_groups = {};
  std::vector<std::vector<double>> pairs = {};  ///< [G] bivariate_residuals() within each group
};

/// `data` is that of the fit. With weights of a sample p-values are NaN. `with_pairs` says whether pairs,
/// which are items², are wanted. Cost: as goodness_of_fit(), classification() and bivariate_residuals().
GroupedStatistics grouped_statistics(const GroupedModel& model, const Dataset& data,
                                     const Estimation& estimation = {}, bool with_pairs = true,
                                     unsigned threads = 0);

}  // namespace mixbern
