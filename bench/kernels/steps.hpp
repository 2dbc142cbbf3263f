// The functions of a kernel, each over all rows of a workload as EM calls it.
#pragma once

#include <span>

#include "kernels/kernel_table.hpp"
#include "workload.hpp"

namespace mixbern::bench {

struct Work {
  double items = 0;  // none where the kernel lacks the function
  double width = 0;  // bytes an item
  double bytes = 0;  // read: each argument once a call, and a table's row once for each code
};

using Run = Work (*)(const kernel::KernelTable&, Workload&);

struct Step {
  const char* name;
  Run run;
  Run limit;  // the step whose items · width a second on the cached shapes it is compared with
  bool depends_on_components = true;
};

std::span<const Step> steps();
// Shapes that stay in the first-level cache and have no branch to guess wrongly.
std::span<const Shape> cached_shapes();

}  // namespace mixbern::bench
