// The kernel in use.
#pragma once

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {

// Components padded to whole vectors: K rounded up to a multiple of 4.
constexpr size_t stride_for(size_t n_components) {
  return (n_components + 3) / 4 * 4;
}

// Chosen at the first call (see mixbern/kernels.hpp). Fetch it once for a block of rows, not once a row.
const KernelTable& active();

}  // namespace mixbern::kernel
