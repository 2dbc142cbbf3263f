// Two tasks of one loop write the same variable: the thread sanitizer must say so, for all that is done to
// keep it silent about oneTBB itself.
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <chrono>
#include <cstdio>
#include <thread>

int main() {
  long sum = 0;
  tbb::task_arena arena(4);
  arena.execute([&] {
    tbb::parallel_for(0, 64, [&](int i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      sum += i;
    });
  });
  std::printf("%ld\n", sum);
}
