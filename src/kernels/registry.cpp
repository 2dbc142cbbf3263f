#include "kernels/registry.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "mixbern/kernels/kernels.hpp"

namespace mixbern {
namespace {

using kernel::KernelTable;

// Best first.
constexpr std::array kAll {
#if defined(__x86_64__)
  &kernel::kAmxKernel, &kernel::kAvx512Kernel, &kernel::kAvx2Kernel,
#elif defined(__aarch64__)
  &kernel::kNeonKernel,
#endif
      &kernel::kScalarKernel,
};

const KernelTable& find(std::string_view name) {
  std::string names;
  for (const KernelTable* table : kAll) {
    if (name == table->name) {
      if (table->is_supported()) return *table;
      throw std::invalid_argument("kernel '" + std::string(name) + "' cannot run on this processor");
    }
    names += (names.empty() ? "" : ", ") + std::string(table->name);
  }
  throw std::invalid_argument("there is no kernel '" + std::string(name) + "'; there are: " + names);
}

const KernelTable& choose() {
  const char* forced = std::getenv("MIXBERN_KERNEL");
  if (forced != nullptr && *forced != '\0') return find(forced);
  for (const KernelTable* table : kAll) {
    if (table->is_supported()) return *table;
  }
  return kernel::kScalarKernel;
}

// Null until the first use, so that use_kernel() works even where the environment names a kernel that does
// not.
std::atomic<const KernelTable*> in_use{nullptr};

}  // namespace

const KernelTable& kernel::active() {
  const KernelTable* table = in_use.load(std::memory_order_relaxed);
  if (table == nullptr) {
    table = &choose();
    in_use.store(table, std::memory_order_relaxed);
  }
  return *table;
}

std::vector<KernelInfo> kernels() {
  const KernelTable* active = &kernel::active();
  std::vector<KernelInfo> infos;
  for (const KernelTable* table : kAll) {
    infos.push_back({table->name, table->description, table->is_supported(), table == active});
  }
  return infos;
}

std::string active_kernel() {
  return kernel::active().name;
}

void kernel::use(const KernelTable& table) {
  in_use.store(&table, std::memory_order_relaxed);
}

void use_kernel(std::string_view name) {
  kernel::use(find(name));
}

}  // namespace mixbern
