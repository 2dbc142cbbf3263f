// A kernel that this processor lacks, carried out lane by lane.
#pragma once

#include <iostream>
#include <string_view>

#include "kernels/registry.hpp"
#include "mixbern/kernels/kernels.hpp"

namespace mixbern {

#if defined(MIXBERN_EMULATES_WIDE_KERNELS)
namespace kernel {
extern const KernelTable kEmulatedAvx512Kernel, kEmulatedAmxKernel;
}

/// Null where none is emulated. Its results are those of the kernel of that name; its time is not.
inline const kernel::KernelTable* emulated_kernel(std::string_view name) {
  if (!kernel::kAvx2Kernel.is_supported()) return nullptr;
  for (const kernel::KernelTable* kernel : {&kernel::kEmulatedAvx512Kernel, &kernel::kEmulatedAmxKernel}) {
    if (name == kernel->name) return kernel;
  }
  return nullptr;
}
#else
inline const kernel::KernelTable* emulated_kernel(std::string_view) {
  return nullptr;
}
#endif

/// Makes that kernel the active one, emulated and said so where the processor lacks it; false if it can be
/// neither.
inline bool use_kernel_or_emulate(const KernelInfo& info) {
  if (info.supported) {
    use_kernel(info.name);
    return true;
  }
  const kernel::KernelTable* emulated = emulated_kernel(info.name);
  if (emulated == nullptr) return false;
  std::cout << info.name << " is emulated: this processor cannot run it\n";
  kernel::use(*emulated);
  return true;
}

}  // namespace mixbern
