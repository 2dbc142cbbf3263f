#include "score/by_codes.hpp"

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

// Σ of tile t's entries for a block, onto `start`: one row for all, or the scores so far.
void add_tile(const RowCodes& codes, const Entries& entries, std::size_t t, const std::int32_t* start,
              std::size_t start_stride, Scores& into) {
  kernel::active().tables.add_tile(codes.offsets(), codes.codes(), into.n_block_rows, entries.tile(t),
                                   entries.n_used(t), start, start_stride,
                                   into.values.data() + t * kernel::kSlots, into.stride);
}

}  // namespace

double cost_by_codes(const ScoreShape& shape) {
  const std::size_t n_tiles = kernel::slots_for(shape.n_components) / kernel::kSlots;
  return (1.8 * shape.codes_a_row + 30) * static_cast<double>(n_tiles);
}

void ByCodes::score(RowBlock& rows, Scores& into) const {
  rows.spell();
  into.begin(Scores::Form::kRows, rows.size(), table_.n_components(), table_.unit());
  into.most = table_.slots();
  const std::size_t n_tiles = table_.slots() / kernel::kSlots;
  // An odd number of cache lines, so that a column of values does not fall into a few sets of the cache.
  into.stride = (n_tiles | 1U) * kernel::kSlots;
  into.values.resize(rows.size() * into.stride);
  for (std::size_t t = 0; t < n_tiles; ++t) {
    const std::size_t first = t * kernel::kSlots;
    add_tile(rows.codes(), table_.ones(), t, table_.base().data() + first, 0, into);
    if (!rows.has_missing()) continue;
    add_tile(rows.missing_codes(), table_.missing(), t, into.values.data() + first, into.stride, into);
  }
  into.semi_supervised(rows);
}

}  // namespace mixbern
