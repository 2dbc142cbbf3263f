// As many threads as were asked for, if the process may have them.
#pragma once

#include <oneapi/tbb/task_arena.h>

#include <list>

namespace mixbern {

/// `threads` threads, 0 for one a processor; at most as many as oneTBB may use in this process, which is one
/// a processor unless the process says otherwise (oneapi::tbb::global_control). Whoever makes one has it
/// alone, so that nobody waits for the threads of another call.
///
/// A tbb::task_arena that is destroyed leaves memory behind in oneTBB 2021.8, several kilobytes each; those
/// of this class are kept for the next call instead.
class ThreadArena {
 public:
  explicit ThreadArena(unsigned threads);
  ~ThreadArena();
  ThreadArena(const ThreadArena&) = delete;
  ThreadArena& operator=(const ThreadArena&) = delete;

  unsigned threads() const { return threads_; }

  template <class Function>
  auto execute(const Function& function) {
    return arena_.front().execute(function);
  }

 private:
  unsigned threads_;
  std::list<tbb::task_arena> arena_;  // one element, which moves between lists without memory being taken
};

}  // namespace mixbern
