// As many threads as were asked for, no more and no fewer.
#pragma once

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

namespace mixbern {

/// `threads` threads, 0 for one a processor. oneTBB would cut a larger number down to the processors, and say
/// so on standard error, without the global limit.
class ThreadArena {
 public:
  explicit ThreadArena(unsigned threads)
      : threads_(threads == 0 ? static_cast<unsigned>(tbb::info::default_concurrency()) : threads),
        limit_(tbb::global_control::max_allowed_parallelism, threads_),
        arena_(static_cast<int>(threads_)) {}

  unsigned threads() const { return threads_; }

  template <class Function>
  auto execute(const Function& function) {
    return arena_.execute(function);
  }

 private:
  unsigned threads_;
  tbb::global_control limit_;
  tbb::task_arena arena_;
};

}  // namespace mixbern
