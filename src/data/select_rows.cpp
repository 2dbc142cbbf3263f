#include "data/select_rows.hpp"

#include <algorithm>
#include <variant>

#include "data/append_row.hpp"
#include "data/pieces.hpp"

namespace mixbern {
namespace {

// Rows that are read at once lie that near, in bytes: beyond, a call of the system costs less than what lies
// between.
constexpr std::size_t kNear = 64 * 1024;

// How many of `chosen`, from the front, are read with its first in one piece.
std::size_t n_together(std::span<const std::size_t> chosen, std::size_t n_features) {
  const std::size_t most = rows_of_piece(n_features);
  const std::size_t near = kNear / (8 * std::max<std::size_t>(BitMatrix::words_for(n_features), 1)) + 1;
  std::size_t n = 1;
  while (n < chosen.size() && chosen[n] >= chosen[n - 1] && chosen[n] - chosen[n - 1] <= near &&
         chosen[n] - chosen[0] < most)
    ++n;
  return n;
}

Rows select_rows(const Rows& rows, std::span<const std::size_t> chosen) {
  Rows result = no_rows_like(rows);
  if (auto* packed = std::get_if<BitMatrix>(&result)) packed->reserve_rows(chosen.size());
  if (!is_outside(rows)) {
    for (const std::size_t i : chosen) append_row(result, rows, i);
    return result;
  }
  while (!chosen.empty()) {
    const std::size_t n = n_together(chosen, n_features(rows)), first = chosen.front();
    const Rows piece = to_memory(slice(rows, first, chosen[n - 1] + 1));
    for (const std::size_t i : chosen.first(n)) append_row(result, piece, i - first);
    chosen = chosen.subspan(n);
  }
  return result;
}

}  // namespace

Dataset select_rows(const Dataset& data, std::span<const std::size_t> chosen) {
  Dataset result{.ones = select_rows(data.ones, chosen)};
  result.categorical = data.categorical;
  if (data.missing) result.missing = select_rows(*data.missing, chosen);
  result.class_sets = data.class_sets;
  for (const std::size_t i : chosen) {
    if (!data.weights.empty()) result.weights.push_back(data.weights[i]);
    if (!data.labels.empty()) result.labels.push_back(data.labels[i]);
  }
  return result;
}

}  // namespace mixbern
