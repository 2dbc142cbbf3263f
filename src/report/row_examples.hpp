// The few best rows of many.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::report {

/// A row that may be shown, and how much it should be: the larger `first`, then `second`, then the earlier
/// row.
struct RankedRow {
  float first;
  double second;
  std::size_t row;
  std::size_t component;  ///< with the largest posterior
};

/// Keeps the best rows of those that it is handed, in the order of their numbers; of equal rows the first.
class BestRows {
 public:
  /// `data` is not owned.
  BestRows(const Dataset& data, std::size_t most) : data_(&data), most_(most) {}

  /// Cost: O(1) for a row that does not make it.
  void add(const RankedRow& row);
  /// Best first.
  const std::vector<RankedRow>& rows() const { return rows_; }

 private:
  const Dataset* data_;
  std::size_t most_;
  std::vector<RankedRow> rows_;
};

}  // namespace mixbern::report
