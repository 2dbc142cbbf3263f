// What all statistics are computed from: distinct rows that say something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Of a row that says nothing.
constexpr std::size_t kNoPattern = SIZE_MAX;

/// Distinct rows with at least one observed cell and a positive weight. Everything else in O(patterns).
struct PatternTable {
  Dataset rows;                             ///< always with weights; labels only where they were to be kept
  std::vector<double> squared_weights;      ///< Σ w_i² over the rows that have the pattern
  std::vector<std::size_t> first_row;       ///< of the data, for each pattern
  std::vector<std::size_t> pattern_of_row;  ///< of each row of the data, or kNoPattern
  double n = 0;                             ///< Σ of the weights
};

/// With `keep_labels`, rows with different labels are different patterns.
PatternTable count_patterns(const Dataset& data, bool keep_labels = false);

/// For each pattern the number of the set of items that it answered, and the weight of each such set.
struct AnsweredSets {
  std::vector<std::size_t> set_of_pattern;
  std::vector<double> weights;
  std::vector<double> n_cells;  ///< patterns that the answered items can show; may be infinite
};
AnsweredSets answered_sets(const PatternTable& table);

/// All patterns that items can show, each once; of features alone, the bits of 0, 1, 2, …
BitMatrix all_patterns(const Items& items, std::size_t n_features);

/// Writes row i as D numbers: `values` 0 or 1, `observed` 0 or 1 (a missing cell has 0 in both).
void expand_row(const Dataset& data, std::size_t i, double* values, double* observed);

}  // namespace mixbern
