#include "data/row_facts.hpp"

#include <algorithm>

#include "data/for_each_one.hpp"

namespace mixbern {
namespace {

// Σ_i w_i x_id by column; the largest number of ones in a row.
std::size_t add_up(const Rows& rows, const Dataset& data, std::vector<double>& totals) {
  totals.assign(data.n_features(), 0);
  std::size_t most = 0;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    std::size_t count = 0;
    const double weight = data.weight(i);
    for_each_one(rows, i, [&](std::size_t d) {
      totals[d] += weight;
      ++count;
    });
    most = std::max(most, count);
  }
  return most;
}

}  // namespace

RowFacts::RowFacts(const Dataset& data, Arithmetic how)
    : arithmetic(how),
      encodings(how == Arithmetic::kFixed ? choose_encodings(data) : Encodings{}),
      codes(data, encodings),
      is_packed(std::holds_alternative<BitMatrix>(data.ones)),
      codes_a_row(mean_codes(data.ones, encodings.ones)),
      n_rows(data.n_rows()),
      total_weight(mixbern::total_weight(data)) {
  if (!data.weights.empty()) largest_weight = *std::max_element(data.weights.begin(), data.weights.end());
  most_ones = add_up(data.ones, data, ones);
  if (n_rows > 0) ones_a_row = static_cast<double>(count_ones(data.ones)) / static_cast<double>(n_rows);
  if (!data.missing) return;
  most_missing = add_up(*data.missing, data, missing);
}

}  // namespace mixbern
