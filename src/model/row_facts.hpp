// What is known of the rows before the first iteration, and stays.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/dataset.hpp"
#include "model/row_block.hpp"

namespace mixbern {

/// One pass over the data: O(ones).
struct RowFacts {
  explicit RowFacts(const Dataset& data);

  Encodings encodings;
  std::size_t n_rows = 0;
  double total_weight = 0;
  double largest_weight = 1;
  std::vector<double> ones;     ///< Σ_i w_i x_id, [D]
  std::vector<double> missing;  ///< Σ_i w_i [x_id missing], [D]; empty without missing cells
  std::size_t most_ones = 0;    ///< in one row
  std::size_t most_missing = 0;
};

}  // namespace mixbern
