// Doubles as whole numbers of a unit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/kernel_table.hpp"

namespace mixbern {

/// Rounds n numbers to whole units, ties to even; what rounding takes off stays in `exact`. REQUIRES: a unit
/// that is a power of two; fewer than 2^31 units.
inline void take_units(double* exact, std::size_t n, double unit, std::int32_t* units) {
  const double scale = 1 / unit;  // exact
  for (std::size_t j = 0; j < n; ++j) {
    const double rounded = (exact[j] * scale + kernel::kRoundMagic) - kernel::kRoundMagic;
    units[j] = static_cast<std::int32_t>(rounded);
    exact[j] -= rounded * unit;
  }
}

}  // namespace mixbern
