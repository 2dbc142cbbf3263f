// Components against classes that are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/mixture/posterior.hpp"

namespace mixbern {

/// How well an assignment of rows agrees with labels. Rows without a label (< 0) count nowhere.
struct Agreement {
  double n = 0;                               ///< weight of the rows with a label
  std::vector<std::int64_t> labels = {};      ///< those that occur, ascending
  std::vector<std::string> label_names = {};  ///< of these; empty where labels are but numbers
  std::vector<double> table = {};  ///< labels × K row-major: weight of rows with this label and component
  double purity = 0;               ///< share of rows whose label is the most frequent one of their component
  double adjusted_rand = 0;  ///< Hubert and Arabie, Journal of Classification 2 (1985), eq. 5; 1 where both
                             ///< put all rows into one group
  double normalised_mutual_information = 0;  ///< I / ((H₁ + H₂) / 2), natural logarithms; 1 where both
                                             ///< entropies are 0
};

/// `components` and `labels` have one entry a row, `weights` too or none. REQUIRES: components below
/// n_components; std::invalid_argument otherwise. Cost: O(N log(labels) + labels · K).
Agreement agreement(std::span<const std::size_t> components, std::size_t n_components,
                    std::span<const std::int64_t> labels, std::span<const double> weights = {});

/// Each row's most probable component against its label in `data`; labels are not held. REQUIRES: labels, and
/// the features agree; std::invalid_argument otherwise. Cost: O(ones · K).
Agreement agreement(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options = {});

/// Finds the permutation of columns with the least total cost in an n × n row-major matrix: result[row] =
/// column (Hungarian method in the form of Jonker and Volgenant, Computing 38 (1987)). Cost: O(n³).
/// REQUIRES: finite costs.
std::vector<std::size_t> least_cost_assignment(std::span<const double> costs, std::size_t n);

}  // namespace mixbern
