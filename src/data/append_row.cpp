#include "data/append_row.hpp"

#include <variant>

namespace mixbern {

Rows no_rows_like(const Rows& rows) {
  if (is_packed(rows)) return BitMatrix(0, n_features(rows));
  return SparseRows(n_features(rows));
}

void append_row(Rows& to, const Rows& from, std::size_t i) {
  if (auto* packed = std::get_if<BitMatrix>(&to)) {
    packed->append_row(std::get<BitMatrix>(from).row(i));
  } else {
    std::get<SparseRows>(to).append_row(std::get<SparseRows>(from).row(i));
  }
}

}  // namespace mixbern
