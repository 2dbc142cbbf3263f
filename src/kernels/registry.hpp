// The kernel in use.
#pragma once

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {

// Components padded to whole vectors: K rounded up to a multiple of 4, and past multiples of 64, which would
// make a column of a table fall into a few sets of the cache.
constexpr size_t stride_for(size_t n_components) {
  const size_t stride = (n_components + 3) / 4 * 4;
  return stride % 64 == 0 ? stride + 8 : stride;
}

// Components padded to whole tiles of a fixed-point table.
constexpr size_t slots_for(size_t n_components) {
  return (n_components + kSlots - 1) / kSlots * kSlots;
}

// The shape of digits for so many components, in as few tiles as there can be, of the same height.
constexpr Digits digits_for(size_t n_components, size_t n_digits) {
  const size_t most = kSlots / n_digits;  // components in a tile
  const size_t n_tiles = (n_components + most - 1) / most;
  return {nullptr, n_digits, n_tiles, (n_components + n_tiles - 1) / n_tiles};
}

// Numbers in the columns of so many rows that AddDense leaves; which of them is that of row i, component k.
constexpr size_t columns_size(size_t n_rows, size_t n_columns) {
  return (n_rows + kSlots - 1) / kSlots * kSlots * n_columns;
}
constexpr size_t place_in_columns(size_t i, size_t k, size_t n_columns) {
  return (i / kSlots * n_columns + k) * kSlots + i % kSlots;
}

// Chosen at the first call (see mixbern/kernels.hpp). Fetch it once for a block of rows, not once a row.
const KernelTable& active();

// From now on, whatever the processor says: for tests that emulate what it lacks.
void use(const KernelTable& table);

}  // namespace mixbern::kernel
