// Which rows are equal; the two halves of collapse(), for who looks before copying.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/dataset.hpp"

namespace mixbern {

struct DistinctRows {
  std::vector<std::size_t> first_rows;  ///< where each distinct row appears first
  std::vector<double> weights;          ///< and the sum of the weights of all rows like it
};

/// One pass, some 40 bytes a distinct row meanwhile. `distinct_of_row`, if not null, gets the number of each
/// row's distinct row.
DistinctRows find_distinct_rows(const Dataset& data, std::vector<std::size_t>* distinct_of_row = nullptr);

/// The distinct rows with their weights, and what `data` says of its columns.
Dataset merged(const Dataset& data, DistinctRows rows);

}  // namespace mixbern
