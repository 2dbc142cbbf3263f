// A kernel that this processor lacks, carried out lane by lane.
#pragma once

#include <string_view>

#include "kernels/kernel_table.hpp"

namespace mixbern {

#if defined(MIXBERN_EMULATES_AVX512)
namespace kernel {
extern const KernelTable kEmulatedAvx512Kernel;
}

/// Null where none is emulated. Its results are those of the kernel of that name; its time is not.
inline const kernel::KernelTable* emulated_kernel(std::string_view name) {
  return name == kernel::kEmulatedAvx512Kernel.name && kernel::kAvx2Kernel.is_supported()
             ? &kernel::kEmulatedAvx512Kernel
             : nullptr;
}
#else
inline const kernel::KernelTable* emulated_kernel(std::string_view) {
  return nullptr;
}
#endif

}  // namespace mixbern
