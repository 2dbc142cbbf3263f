// Equal parts of a work in parallel, their results in order.
#pragma once

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/thread_arena.hpp"
#include "mixbern/fit/watch.hpp"

namespace mixbern {

/// Data sets of a bootstrap, folds, replicates: a stage of `n` of them.
struct Parts {
  std::string_view name;
  Unit unit;
  std::size_t n;
  unsigned threads = 0;
  Watch* watch = nullptr;  ///< not owned; may be null
};

/// Calls `work(b)` for b = 0, 1, … in batches, several at once, and `take(b, result)` with the results in
/// order of b; ends after parts.n or where `take` returns false. What `take` sees does not depend on
/// threads. Once the watch cancels no more work begins, and what it interrupted is not taken: `work` should
/// end soon by itself then, with any result.
template <class Result>
void run_parts(const Parts& parts, const std::function<Result(std::size_t)>& work,
               const std::function<bool(std::size_t, const Result&)>& take) {
  constexpr std::size_t kBatch = 16;
  Watch* const watch = parts.watch;
  if (watch != nullptr) watch->stage_begins({.name = parts.name, .unit = parts.unit, .n = parts.n});
  std::atomic<std::size_t> n_done = 0;
  ThreadArena arena(parts.threads);
  for (std::size_t first = 0; first < parts.n; first += kBatch) {
    std::vector<std::optional<Result>> results(std::min(kBatch, parts.n - first));
    arena.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, results.size(), 1),
          [&](const auto& range) {
            for (std::size_t i = range.begin(); i != range.end(); ++i) {
              if (is_cancelled(watch)) return;
              results[i] = work(first + i);
              const std::size_t done = ++n_done;
              if (watch != nullptr) watch->units_done(done);
              if (is_cancelled(watch)) results[i].reset();
            }
          },
          tbb::simple_partitioner());
    });
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i] || !take(first + i, *results[i])) return;
    }
  }
}

}  // namespace mixbern
