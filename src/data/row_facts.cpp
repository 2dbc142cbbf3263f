#include "data/row_facts.hpp"

#include <algorithm>

namespace mixbern {
namespace {

constexpr std::size_t kBlockRows = 1024;

// Adds a row's weight to the totals of its ones; returns how many it has.
std::size_t add_row(const RowsView& rows, std::size_t i, double weight, std::vector<double>& totals) {
  std::size_t n = 0;
  rows.for_each_one(i, [&](std::size_t d) {
    totals[d] += weight;
    ++n;
  });
  return n;
}

void add_to(std::vector<double>& totals, const std::vector<double>& more) {
  for (std::size_t d = 0; d < totals.size(); ++d) totals[d] += more[d];
}

}  // namespace

RowFacts RowFacts::of_none(const RowSource& rows, Arithmetic how) {
  RowFacts facts;
  facts.arithmetic = how;
  facts.encodings = rows.encodings();
  facts.is_packed = rows.is_packed();
  facts.is_weighted = rows.is_weighted();
  facts.largest_weight = rows.is_weighted() ? 0 : 1;
  facts.ones.resize(rows.n_features());
  if (rows.has_missing()) facts.missing.resize(rows.n_features());
  return facts;
}

RowFacts::RowFacts(const RowSource& rows, Arithmetic how)
    : RowFacts(fold_rows(rows, kBlockRows, of_none(rows, how))) {}

RowFacts::RowFacts(const Dataset& data, Arithmetic how)
    : RowFacts(RowsOfDataset(data, encodings_for(data, how)), how) {}

void RowFacts::add(const RowBlock& rows) {
  n_rows += rows.size();
  if (is_packed) codes_a_row += static_cast<double>(count_codes(rows.ones().words(), encodings.ones));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rows.weight(i);
    total_weight += weight;
    largest_weight = std::max(largest_weight, weight);
    const std::size_t ones_here = add_row(rows.ones(), i, weight, ones);
    n_ones += ones_here;
    most_ones = std::max(most_ones, ones_here);
    const std::size_t missing_here = rows.has_missing() ? add_row(rows.missing(), i, weight, missing) : 0;
    n_missing += missing_here;
    most_missing = std::max(most_missing, missing_here);
    if (!rows.has_missing() || missing_here < ones.size()) informative_weight += weight;
  }
}

void RowFacts::merge(const RowFacts& other) {
  n_rows += other.n_rows;
  codes_a_row += other.codes_a_row;
  n_ones += other.n_ones;
  n_missing += other.n_missing;
  total_weight += other.total_weight;
  informative_weight += other.informative_weight;
  largest_weight = std::max(largest_weight, other.largest_weight);
  most_ones = std::max(most_ones, other.most_ones);
  most_missing = std::max(most_missing, other.most_missing);
  add_to(ones, other.ones);
  add_to(missing, other.missing);
}

// Sums over rows become means.
void RowFacts::finish() {
  if (n_rows == 0) return;
  codes_a_row /= static_cast<double>(n_rows);
  ones_a_row = static_cast<double>(n_ones) / static_cast<double>(n_rows);
}

void RowFacts::settle(Arithmetic how) {
  arithmetic = how;
  if (how == Arithmetic::kFixed) return;
  encodings = {};
  codes_a_row = is_packed ? ones_a_row : 0;
}

}  // namespace mixbern
