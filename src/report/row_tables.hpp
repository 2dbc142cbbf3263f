// What one pass over the rows finds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "report/row_examples.hpp"
#include "report/source.hpp"

namespace mixbern::report {

constexpr std::size_t kCertaintyBins = 20;

/// Rows that are listed, one entry a row.
struct ListedRows {
  std::vector<std::uint32_t> row;
  std::vector<std::uint16_t> component, second;
  std::vector<float> certainty, log_likelihood;
};

struct RowTables {
  double log_likelihood = 0;       ///< total, as log_likelihood()
  std::vector<double> sizes;       ///< [K] weight of the rows whose largest posterior is k's
  std::vector<double> certainty;   ///< [kCertaintyBins] weight of rows by their largest posterior
  ListedRows listed;               ///< evenly drawn
  std::vector<BestRows> examples;  ///< [K]
  BestRows least_certain;
  std::size_t n_impossible = 0;         ///< rows to which the mixture gives probability 0
  std::vector<std::size_t> components;  ///< of all rows; empty without labels
};

/// REQUIRES: context.data. Cost: one pass.
RowTables tabulate_rows(const Source& source, const Context& context);

}  // namespace mixbern::report
