#include "data/select_rows.hpp"

#include <algorithm>
#include <variant>

#include "data/pieces.hpp"

namespace mixbern {
namespace {

// Rows that are read at once lie that near, in bytes: beyond, a call of the system costs less than what lies
// between.
constexpr std::size_t kNear = 64 * 1024;

Rows none_of(const Rows& rows, std::size_t n_expected) {
  if (!is_packed(rows)) return SparseRows(n_features(rows));
  BitMatrix none(0, n_features(rows));
  none.reserve_rows(n_expected);
  return none;
}

void append_row(Rows& to, const Rows& from, std::size_t i) {
  if (auto* packed = std::get_if<BitMatrix>(&to)) {
    packed->append_row(std::get<BitMatrix>(from).row(i));
  } else {
    std::get<SparseRows>(to).append_row(std::get<SparseRows>(from).row(i));
  }
}

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
  Rows result = none_of(rows, chosen.size());
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
  if (data.missing) result.missing = select_rows(*data.missing, chosen);
  for (const std::size_t i : chosen) {
    if (!data.weights.empty()) result.weights.push_back(data.weights[i]);
    if (!data.labels.empty()) result.labels.push_back(data.labels[i]);
  }
  return result;
}

}  // namespace mixbern
