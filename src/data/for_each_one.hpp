// Visiting the ones of a row of any kind.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "mixbern/dataset/rows.hpp"

namespace mixbern {

/// Calls visit(d) for each one of row i, d ascending. Many rows outside memory: better in pieces.
template <class Visit>
void for_each_one(const Rows& rows, std::size_t i, const Visit& visit) {
  if (is_outside(rows)) return for_each_one(to_memory(slice(rows, i, i + 1)), 0, visit);
  if (const auto* sparse = std::get_if<SparseRows>(&rows)) {
    for (const std::uint32_t d : sparse->row(i)) visit(std::size_t{d});
    return;
  }
  const auto words = std::get<BitMatrix>(rows).row(i);
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
      visit(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
}

}  // namespace mixbern
