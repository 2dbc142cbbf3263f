// How much memory there is, at most, before the system ends the process for taking more.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

#include "mixbern/io/io.hpp"

namespace mixbern {
namespace {

// Version 2 and version 1. Without a limit the first holds a word and the second more than any machine has.
constexpr const char* kControlGroup[] = {"/sys/fs/cgroup/memory.max",
                                         "/sys/fs/cgroup/memory/memory.limit_in_bytes"};

}  // namespace

std::uint64_t machine_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGE_SIZE);
  std::uint64_t bytes = UINT64_MAX;
  if (pages > 0 && page > 0) bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
  for (const char* path : kControlGroup) {
    std::uint64_t limit = 0;
    if (std::ifstream(path) >> limit && limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

}  // namespace mixbern
