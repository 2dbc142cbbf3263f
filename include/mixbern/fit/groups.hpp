// Are classes the same in several groups? Weights of classes by group, and probabilities that are equal or
// not.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/fit.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"

namespace mixbern {

/// Which item probabilities differ between groups: those of these items, by number from 0 in the order of
/// Items::all(), ascending. None: all are equal.
using FreeItems = std::vector<std::size_t>;

/// log L = Σ_i w_i log Σ_k π_{k|g(i)} Π_d p(x_id | k, g(i)): a mixture in each of G groups whose weights
/// differ, and whose probabilities do for the free items (Clogg and Goodman, Sociological Methodology 15
/// (1985) 81-110; Kankaraš, Moors and Vermunt 2010).
struct GroupedModel {
  std::vector<std::string> group_names = {};
  std::vector<double> group_sizes = {};  ///< [G] weight of the rows that answered anything
  std::vector<double> weights = {};      ///< [G × K] π_{k|g}
  std::vector<Mixture> mixtures = {};    ///< one a group; where nothing is free their probabilities are equal
  FreeItems free_items = {};
  double log_likelihood = 0;     ///< given the groups
  std::size_t n_parameters = 0;  ///< G (K − 1), and one a probability that is not tied to another group's
  bool converged = false;
  std::size_t n_init = 0;          ///< starts, of all fits that were made for it
  std::size_t n_init_at_best = 0;  ///< of the fit that won; the least over groups where each has its own
  std::vector<std::string> warnings = {};  ///< sentences for people
  /// Of by_group(data, free_items): what the model is as one mixture, with the group as an item of its own.
  Mixture joint;

  double aic() const;
  double bic() const;  ///< N: the weight of all groups
};

/// `data` whose labels are the groups, which `group_name` is the name of, as the data set of a plain mixture
/// that is the same model: the group is a categorical item, last of all, and each free item becomes one a
/// group, missing in the rows of all others. Rows of unknown group, or that answered nothing, are left out.
/// Throws std::invalid_argument without labels or with fewer than two groups.
Dataset by_group(const Dataset& data, const FreeItems& free_items, const std::string& group_name = "group");

/// Fits a mixture to groups. Where every item is free, each group is fitted by itself, so that no optimum of
/// one waits for another; else the transformed data are, from the starts of `options` and, where given, from
/// `near`, a model of the same data with other free items. Labels of `data` are the groups. Throws as fit()
/// and by_group().
GroupedModel fit_groups(const Dataset& data, const FreeItems& free_items, const FitOptions& options,
                        const GroupedModel* near = nullptr);

/// The same without `near`, as a fit that saves on the way where it is: fit(). Where all items are free the
/// fits of all groups have one state.
GroupedModel fit_groups(const Dataset& data, const FreeItems& free_items, const FitOptions& options,
                        const Checkpointing& checkpointing);

/// Two nested models of the same groups.
struct InvarianceTest {
  std::string restricted = {};  ///< what the first model is called
  std::string general = {};
  std::optional<std::size_t> item = {};  ///< the one that the second frees, where it is one
  TestStatistic likelihood_ratio = {};
  double degrees_of_freedom = 0;
  /// Of the likelihood ratio, where it was drawn from the restricted model.
  std::optional<BootstrapTest> bootstrap = {};
  double adjusted_p_value = 0;  ///< of p_value() over the items of one step (Holm 1979); NaN for one test
  /// Of one item: Rao's statistic gᵀ I⁻¹ g of the general model at the restricted one, without a fit of it.
  std::optional<TestStatistic> score = {};
  double score_degrees_of_freedom = 0;  ///< without cells at 0 or 1
  double adjusted_score_p_value = 0;    ///< as adjusted_p_value

  /// Of the likelihood ratio: drawn if it was, else by the chi-squared distribution.
  double p_value() const { return bootstrap ? bootstrap->p_value : likelihood_ratio.p_value; }
};

struct InvarianceOptions {
  double level = 0.05;        ///< an item differs where its adjusted p-value is at most that
  std::size_t n_samples = 0;  ///< data sets that each likelihood ratio is drawn from; 0: none
};

struct NamedModel {
  std::string name;  ///< "equal", "free", "partial"
  GroupedModel model;
};

struct Invariance {
  std::vector<NamedModel> models = {};     ///< equal, partial where some items differ and some do not, free
  std::vector<InvarianceTest> tests = {};  ///< of models against each other
  std::vector<InvarianceTest>
      items;                 ///< of each item against equal probabilities, in the last step that had it
  FreeItems differing = {};  ///< items whose probabilities differ, by the tests
  std::vector<std::string> warnings = {};
};

/// Are the item probabilities of K classes equal over the groups? Fits all equal and all free; then, step by
/// step, frees the item whose likelihood ratio against the present model is the most significant, while its
/// p-value after Holm's adjustment over the items of the step is at most the level. Freeing the worst first
/// keeps an item that differs from lending its difference to those that do not.
///
/// With n_samples each ratio is held against those of data sets drawn from its restricted model, which have
/// the groups and missing answers of `data`; see bootstrap_likelihood_ratio_test(). Both models are fitted to
/// them, from their estimates and two random starts. It tells what differs where cells are few, which the
/// chi-squared distribution then says too often. Weights are frequencies then.
///
/// Throws as fit_groups(). Cost: O(items²) fits at most, near a model each, and with n_samples as many times
/// two small ones.
Invariance test_invariance(const Dataset& data, const FitOptions& options, const InvarianceOptions& how = {});

}  // namespace mixbern
