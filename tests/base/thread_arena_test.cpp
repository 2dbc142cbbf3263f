#include "base/thread_arena.hpp"

#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <unistd.h>

#include <fstream>

#include "mixbern/fit/fit.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

constexpr auto kMostThreads = tbb::global_control::max_allowed_parallelism;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kAllowedMib = 1e9;  // a sanitizer keeps freed memory back
#else
constexpr double kAllowedMib = 1;
#endif

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

template <class Call>
double growth_mib(int n_calls, const Call& call) {
  for (int i = 0; i < 200; ++i) call();
  const double before = resident_mib();
  for (int i = 0; i < n_calls; ++i) call();
  return resident_mib() - before;
}

TEST(ThreadArena, LeavesNoMemoryBehind) {
  EXPECT_LT(growth_mib(3000, [] { ThreadArena(2).execute([] { tbb::parallel_for(0, 8, [](int) {}); }); }),
            kAllowedMib);
}

TEST(ThreadArena, CallsOfTheLibraryLeaveNoMemoryBehind) {
  const Dataset data = reference::random_dataset({.n_rows = 50, .n_features = 5}, 1);
  const Mixture mixture = fit(data, {.n_components = 2, .n_init = 1}).mixture;
  EXPECT_LT(growth_mib(1000, [&] { log_likelihood(mixture, data, {.threads = 2}); }), kAllowedMib);
  EXPECT_LT(
      growth_mib(1000, [&] { fit(data, {.n_components = 2, .n_init = 2, .max_iter = 5, .threads = 2}); }),
      kAllowedMib);
}

TEST(ThreadArena, LeavesTheLimitOfTheProcessAlone) {
  const std::size_t before = tbb::global_control::active_value(kMostThreads);
  ThreadArena one(1);
  EXPECT_EQ(tbb::global_control::active_value(kMostThreads), before);
  EXPECT_EQ(one.threads(), 1U);
  EXPECT_EQ(ThreadArena(0).threads(), static_cast<unsigned>(tbb::info::default_concurrency()));
  EXPECT_EQ(ThreadArena(100'000).threads(), before);
  EXPECT_EQ(tbb::global_control::active_value(kMostThreads), before);
}

TEST(ThreadArena, EndsWithTheLimitOfTheProcess) {
  const tbb::global_control two(kMostThreads, 2);
  EXPECT_EQ(ThreadArena(7).threads(), 2U);
}

// One call in the arena of another would wait for its threads.
TEST(ThreadArena, IsNotSharedWhileInUse) {
  ThreadArena outer(1);
  outer.execute([] {
    ThreadArena inner(1);
    EXPECT_EQ(inner.execute([] { return 7; }), 7);
  });
}

}  // namespace
}  // namespace mixbern
