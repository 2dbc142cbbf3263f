// Loops over independent items, on several threads where that pays.
#pragma once

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixbern {

/// Calls work(begin, end) for ranges that cover 0 … n-1 once, in the caller's task arena, or at once where
/// all items together cost less than threads do. `cost`: additions an item, roughly. Items must not depend on
/// each other, so that nothing depends on the ranges.
template <class Work>
void for_ranges(std::size_t n, std::size_t cost, const Work& work) {
  constexpr std::size_t kFewest = std::size_t{1} << 15;  // additions, some microseconds: a hand-over's worth
  if (n * cost < 2 * kFewest) {
    if (n > 0) work(std::size_t{0}, n);
    return;
  }
  const std::size_t grain = std::max<std::size_t>(kFewest / std::max<std::size_t>(cost, 1), 1);
  // Isolated: a thread that waits here must not start on other work of the caller's meanwhile.
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n, grain),
                      [&](const auto& range) { work(range.begin(), range.end()); });
  });
}

/// to[i] += from[i].
inline void add_elements(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
  for_ranges(to.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) to[i] += from[i];
  });
}

}  // namespace mixbern
