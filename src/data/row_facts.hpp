// What is known of the rows before the first iteration, and stays.
#pragma once

#include <cstddef>
#include <vector>

#include "data/row_block.hpp"
#include "mixbern/dataset.hpp"

namespace mixbern {

/// How exactly iterations are done.
enum class Arithmetic {
  kDouble,  ///< log joints in doubles, responsibilities to 50 bits
  kFixed,   ///< log joints in 32 bits, responsibilities to 24: for data that is large
};

/// Two passes over the data: O(ones).
struct RowFacts {
  explicit RowFacts(const Dataset& data, Arithmetic how = Arithmetic::kDouble);

  Arithmetic arithmetic;
  /// Columns in doubles, whose sums then run as when a model is scored, so that both print the same digits.
  Encodings encodings;
  KeptCodes codes;
  bool is_packed = false;  ///< the ones are
  double codes_a_row = 0;  ///< of packed ones, about
  double ones_a_row = 0;
  std::size_t n_rows = 0;
  double total_weight = 0;
  double largest_weight = 1;
  std::vector<double> ones;     ///< Σ_i w_i x_id, [D]
  std::vector<double> missing;  ///< Σ_i w_i [x_id missing], [D]; empty without missing cells
  std::size_t most_ones = 0;    ///< in one row
  std::size_t most_missing = 0;
};

}  // namespace mixbern
