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
constexpr size_t lanes_for(size_t n_components) {
  return (n_components + kLanes - 1) / kLanes * kLanes;
}

// Chosen at the first call (see mixbern/kernels.hpp). Fetch it once for a block of rows, not once a row.
const KernelTable& active();

// From now on, whatever the processor says: for tests that emulate what it lacks.
void use(const KernelTable& table);

}  // namespace mixbern::kernel
