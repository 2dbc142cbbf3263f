// How rows were drawn: strata, clusters, finite populations.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace mixbern {

/// What to do with a stratum of which a single cluster was drawn, which cannot show how clusters differ
/// there: refuse the design, or let its total differ from the mean of all clusters in place of that of its
/// stratum (R's survey, "adjust").
enum class LonelyClusters { kRefuse, kAdjust };
/// "refuse", "adjust".
std::string_view to_string(LonelyClusters lonely);
std::optional<LonelyClusters> lonely_clusters_from_string(std::string_view name);

/// The design of a survey, one entry a row in each part that is given. Clusters belong to their stratum: the
/// same number in two strata is two clusters. Rows of a subpopulation need no design of their own: those that
/// are left out add nothing, but their clusters count.
struct SurveyDesign {
  std::vector<std::size_t> strata = {};    ///< number of the stratum, from 0; empty: one for all
  std::vector<std::size_t> clusters = {};  ///< number of the primary sampling unit; empty: each row its own
  std::vector<double> fpc = {};  ///< of the row's stratum: share of its units that was sampled, 0 … 1
  LonelyClusters lonely = LonelyClusters::kRefuse;
  bool given() const { return !strata.empty() || !clusters.empty() || !fpc.empty(); }
};

struct DesignSize {
  std::size_t n_strata = 0;
  std::size_t n_clusters = 0;
  /// Of variances that are estimated from it: clusters less strata.
  double degrees_of_freedom() const {
    return static_cast<double>(n_clusters) - static_cast<double>(n_strata);
  }
};

/// Throws std::invalid_argument for parts of another length than `n_rows`, an fpc that is no share or differs
/// within a stratum, lonely clusters that are refused, and a design of one cluster.
DesignSize size_of(const SurveyDesign& design, std::size_t n_rows);

/// SurveyDesign::fpc from numbers of the rows that are shares, all at most 1, or how many units the row's
/// stratum has in the population (as R's survey takes them). Throws std::invalid_argument for a stratum of
/// fewer units than were sampled, and for numbers that are neither.
std::vector<double> sampled_shares(const SurveyDesign& design, std::vector<double> fpc);

}  // namespace mixbern
