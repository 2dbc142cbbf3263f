#include "score/scores.hpp"

#include <limits>

namespace mixbern {

void Scores::semi_supervised(const RowBlock& rows) {
  if (!rows.holds_labels()) return;
  for (std::size_t i = 0; i < n_block_rows; ++i) {
    for_each_forbidden(rows.allowed(i), n_components,
                       [&](std::size_t k) { value(i, k) = std::numeric_limits<std::int32_t>::min(); });
  }
}

const std::int32_t* Scores::tile(Part part, AlignedVector<std::int32_t>& memory) const {
  if (form == Form::kRows) return values.data() + part.begin * stride;
  memory.assign(part.size() * kernel::kSlots, std::numeric_limits<std::int32_t>::min());
  std::int32_t* row = memory.data();
  for (std::size_t i = part.begin; i < part.end; ++i, row += kernel::kSlots) {
    for (std::size_t k = 0; k < n_components; ++k) row[k] = values[kernel::place_in_columns(i, k, stride)];
  }
  return memory.data();
}

}  // namespace mixbern
