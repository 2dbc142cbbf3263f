// Which parameters a likelihood can be differentiated by, and where they stand in a vector.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "mixbern/mixture/mixture.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "stats/patterns.hpp"

namespace mixbern {

constexpr std::ptrdiff_t kNotFree = -1;

/// Parameters: log(π_k / π_reference) and log(θ_kd / (1 − θ_kd)), those that are not at a bound; for an
/// answer of a categorical item log(θ_kd / θ_ke), where e is the component's likeliest answer, which is not
/// free. Equal cells have one position. Held cells and weights have none, and the other weights are a share
/// of what held ones leave.
struct FreeParameters {
  std::size_t reference = 0;                  ///< the component with the largest weight that is not held
  std::vector<std::ptrdiff_t> weights;        ///< [K] position of each, or kNotFree; equal ones have one
  std::vector<double> shares;                 ///< [K] π_k over the sum of those not held; 0 if held
  std::vector<std::ptrdiff_t> probabilities;  ///< [K × D]
  std::vector<std::size_t> boundary;          ///< positions in `probabilities`, of components not empty
  std::vector<std::size_t> empty_components;  ///< ascending
  std::size_t count = 0;

  /// Whether the weight of k is that of the reference.
  bool is_reference(const Ties& ties, std::size_t k) const {
    return ties.first_of_weight(k) == ties.first_of_weight(reference);
  }
  bool is_empty(std::size_t k) const { return std::ranges::binary_search(empty_components, k); }
};

/// Sums over patterns that say what is at a bound.
struct ComponentSums {
  std::vector<double> counts;    ///< [K] Σ w γ
  std::vector<double> observed;  ///< [K × D] Σ w γ over rows that have the cell
};
ComponentSums component_sums(const Mixture& mixture, const PatternTable& table,
                             const PosteriorOptions& options);

FreeParameters free_parameters(const Mixture& mixture, const ComponentSums& sums);

/// Scores of consecutive patterns: row i is ∂ log p(x_i) / ∂ parameters, without its weight.
struct ScoreBlock {
  std::size_t first;
  const Eigen::MatrixXd& scores;            ///< n × count
  const Eigen::MatrixXd& values;            ///< n × D: 0 or 1
  const Eigen::MatrixXd& observed;          ///< n × D
  const Eigen::MatrixXd& responsibilities;  ///< n × K
};

/// Calls `visit` with blocks in order.
void for_each_score_block(const Mixture& mixture, const Dataset& rows, const FreeParameters& free,
                          const PosteriorOptions& options,
                          const std::function<void(const ScoreBlock&)>& visit);

}  // namespace mixbern
