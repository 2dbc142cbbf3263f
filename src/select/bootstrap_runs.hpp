// Data sets of a bootstrap in parallel, their results in order.
#pragma once

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "base/thread_arena.hpp"
#include "mixbern/select/bootstrap.hpp"

namespace mixbern {

/// Calls `work(b)` for b = 0, 1, … in batches, several at once, and `take(b, result)` with the results in
/// order of b; ends after n_samples or where `take` returns false. What `take` sees does not depend on
/// threads. Once options.cancelled says so no more work begins, and what it interrupted is not taken: `work`
/// should end soon by itself then, with any result.
template <class Result>
void run_bootstrap(const BootstrapOptions& options, const std::function<Result(std::size_t)>& work,
                   const std::function<bool(std::size_t, const Result&)>& take) {
  constexpr std::size_t kBatch = 16;
  const auto cancelled = [&options] { return options.cancelled && options.cancelled(); };
  std::atomic<std::size_t> n_done = 0;
  ThreadArena arena(options.threads);
  for (std::size_t first = 0; first < options.n_samples; first += kBatch) {
    std::vector<std::optional<Result>> results(std::min(kBatch, options.n_samples - first));
    arena.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, results.size(), 1),
          [&](const auto& range) {
            for (std::size_t i = range.begin(); i != range.end(); ++i) {
              if (cancelled()) return;
              results[i] = work(first + i);
              const std::size_t done = ++n_done;
              if (options.watch) options.watch(done);
              if (cancelled()) results[i].reset();
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
