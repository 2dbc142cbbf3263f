// Which implementations of the inner loops there are, and which is in use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mixbern {

struct KernelInfo {
  std::string name;         ///< "scalar", "avx2", …
  std::string description;  ///< one line
  bool supported;           ///< this processor can run it
  bool active;              ///< it is the one in use
};

/// All kernels of this build, best first.
std::vector<KernelInfo> kernels();

/// The kernel in use: the one named by the environment variable MIXBERN_KERNEL, else the best supported one.
/// Throws std::invalid_argument if that variable names one that does not exist or cannot run here.
std::string active_kernel();

/// Uses the kernel of that name from now on, in all threads. Throws std::invalid_argument, listing the names,
/// if there is none or this processor cannot run it. Not to be called while a fit runs.
void use_kernel(std::string_view name);

}  // namespace mixbern
