// oneTBB's parallel_for as the thread sanitizer has to see it. This file stands before the real one, and only in builds
// under that sanitizer.
//
// The system's libtbb is not instrumented, so the sanitizer does not see that what comes before parallel_for happens
// before every task, and every task before what comes after it. This wrapper says so, and says nothing about two tasks
// of one loop: a race between those is reported.
#pragma once

#define parallel_for unordered_parallel_for
#include_next <oneapi/tbb/parallel_for.h>
#undef parallel_for

#include <sanitizer/tsan_interface.h>

#include <concepts>

namespace tbb {

struct HappensBefore {
  mutable char fork = 0;
  mutable char join = 0;
};

/// At the end of a task, and of the loop: also where an exception ends it.
struct Released {
  char& at;
  ~Released() { __tsan_release(&at); }
};
struct Acquired {
  char& at;
  ~Acquired() { __tsan_acquire(&at); }
};

/// What a loop keeps on the stack and what its tasks keep there must lie apart, and both deeper than other code gets: the
/// last atomic operation of another thread on a loop's memory is not ordered before its return, and would look like a
/// race with whatever uses that memory next. Loops and tasks take turns on a stack, so that each has its own depths.
template <class Call>
[[gnu::noinline]] void run_deep(const Call& call) {
  volatile char depth[1 << 18];
  depth[0] = 0;
  call();
  depth[1] = 0;
}

template <class Body>
auto ordered_body(const Body& body, const HappensBefore& order) {
  return [&body, &order](auto&& argument) {
    __tsan_acquire(&order.fork);
    const Released end{order.join};
    run_deep([&] { body(argument); });
  };
}

/// (range, body) and (range, body, partitioner).
template <class Range, class Body, class... Partitioner>
  requires std::invocable<const Body&, Range&>
void parallel_for(const Range& range, const Body& body, Partitioner&&... partitioner) {
  const HappensBefore order;
  __tsan_release(&order.fork);
  const Acquired end{order.join};
  run_deep([&] { detail::d1::unordered_parallel_for(range, ordered_body(body, order), partitioner...); });
}

/// (first, last, body).
template <class Index, class Body>
  requires std::invocable<const Body&, Index>
void parallel_for(Index first, Index last, const Body& body) {
  const HappensBefore order;
  __tsan_release(&order.fork);
  const Acquired end{order.join};
  run_deep([&] { detail::d1::unordered_parallel_for(first, last, ordered_body(body, order)); });
}

}  // namespace tbb
