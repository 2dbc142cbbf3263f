#include "base/thread_arena.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace mixbern {
namespace {

// Arenas that nobody uses now, by their number of threads. There are never more than were used at once.
class IdleArenas {
 public:
  std::list<tbb::task_arena> take(unsigned threads) {
    const std::lock_guard lock(mutex_);
    std::list<tbb::task_arena>& idle = idle_[threads];
    if (idle.empty()) idle.emplace_back(static_cast<int>(threads));
    std::list<tbb::task_arena> arena;
    arena.splice(arena.end(), idle, idle.begin());
    return arena;
  }

  void put_back(unsigned threads, std::list<tbb::task_arena>& arena) {
    const std::lock_guard lock(mutex_);
    std::list<tbb::task_arena>& idle = idle_.find(threads)->second;
    idle.splice(idle.end(), arena);
  }

 private:
  std::mutex mutex_;
  std::map<unsigned, std::list<tbb::task_arena>> idle_;
};

// Never destroyed: at the end of the process oneTBB may be gone before.
IdleArenas& idle_arenas() {
  static auto* const arenas = new IdleArenas;
  return *arenas;
}

unsigned allowed(unsigned threads) {
  const auto most =
      static_cast<unsigned>(tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism));
  const auto wanted = threads == 0 ? static_cast<unsigned>(tbb::info::default_concurrency()) : threads;
  return std::clamp(wanted, 1U, std::max(most, 1U));
}

}  // namespace

ThreadArena::ThreadArena(unsigned threads)
    : threads_(allowed(threads)), arena_(idle_arenas().take(threads_)) {}

ThreadArena::~ThreadArena() {
  idle_arenas().put_back(threads_, arena_);
}

}  // namespace mixbern
