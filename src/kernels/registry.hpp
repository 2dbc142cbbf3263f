// The kernel in use.
#pragma once

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {

// Chosen at the first call (see mixbern/kernels.hpp). Fetch it once for a block of rows, not once a row.
const KernelTable& active();

}  // namespace mixbern::kernel
