// Sums that can be checked by hand.
#pragma once

#include "sums/sufficient_stats.hpp"

namespace mixbern {

/// Two components and two features: counts 6 and 4; ones 3, 0 and 4, 1; with missing cells, two of them of
/// component 1 and feature 1.
inline SufficientStats example_sums(bool has_missing) {
  Dataset data{.ones = BitMatrix(4, 2, {0b01, 0b00, 0b11, 0b01})};
  if (has_missing) data.missing = BitMatrix(4, 2, {0, 0, 0, 0b10});
  RowBlock rows;
  rows.load(data, 0, 4, false);
  SufficientStats sums(StatsLayout{2, 2, has_missing, 10, 10});
  constexpr std::int64_t kUnit = 1 << 10;
  sums.add_row(rows, 0, 0, 3 * kUnit);
  sums.add_row(rows, 1, 0, 3 * kUnit);
  sums.add_row(rows, 0, 1, kUnit);
  sums.add_row(rows, 2, 1, kUnit);
  sums.add_row(rows, 3, 1, 2 * kUnit);
  sums.finish();
  return sums;
}

}  // namespace mixbern
