// Micro-benchmarks of the kernels: KERNEL/STEP/SHAPE for each kernel that this processor can run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "kernels/registry.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "steps.hpp"

namespace mixbern::bench {
namespace {

using kernel::KernelTable;

// Images have runs of ones; the components that have a part in a row are those of EM after a few iterations.
constexpr Shape kShapes[] = {
    {"images-k10", 4096, 784, 0.13, 5, true, 10, 0.3},
    {"images-k100", 4096, 784, 0.13, 5, true, 100, 0.6},
    {"images-k500", 4096, 784, 0.13, 5, true, 500, 0.6},
    {"sparse-k50", 4096, 2048, 50.0 / 2048, 2048.0 / 1998, false, 50, 1},
    {"small-k4", 4096, 12, 0.5, 2, true, 4, 3},
};

Workload& workload(const Shape& shape) {
  static std::map<const Shape*, Workload> made;
  return made.try_emplace(&shape, shape).first->second;
}

// Items · width a second, over 5 ms.
double rate(const KernelTable& kernel, Run run, Workload& data) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  double done = 0;
  std::chrono::duration<double> elapsed{};
  while (elapsed.count() < 0.005) {
    for (int repeat = 0; repeat < 16; ++repeat) {
      const Work work = run(kernel, data);
      done += work.items * work.width;
    }
    elapsed = Clock::now() - begin;
  }
  return done / elapsed.count();
}

// The best on any cached shape. Tried again at every call, because what else the machine does may slow it to
// a half for seconds.
double limit_of(const KernelTable& kernel, Run run) {
  struct Limit {
    double value = 0;
    Workload* data = nullptr;
  };
  static std::map<std::pair<const KernelTable*, Run>, Limit> known;
  Limit& limit = known[{&kernel, run}];
  if (limit.data != nullptr) {
    limit.value = std::max(limit.value, rate(kernel, run, *limit.data));
    return limit.value;
  }
  for (const Shape& shape : cached_shapes()) {
    Workload& data = workload(shape);
    for (int attempt = 0; attempt < 3; ++attempt) {
      const double value = rate(kernel, run, data);
      if (value > limit.value) limit = {value, &data};
    }
  }
  return limit.value;
}

void measure(benchmark::State& state, const KernelTable& kernel, const Step& step, const Shape& shape) {
  Workload& data = workload(shape);
  const Work work = step.run(kernel, data);
  if (work.items == 0) return state.SkipWithError("this kernel has no such function");
  const double limit = limit_of(kernel, step.limit);
  for (auto _ : state) {
    step.run(kernel, data);
    benchmark::ClobberMemory();
  }
  using benchmark::Counter;
  state.counters["items"] = Counter(work.items, Counter::kIsIterationInvariantRate);
  state.counters["bytes"] = Counter(work.bytes, Counter::kIsIterationInvariantRate);
  state.counters["share"] = Counter(work.items * work.width / limit, Counter::kIsIterationInvariantRate);
  state.counters["limit"] = limit / work.width;
}

void register_kernel(const KernelTable& kernel) {
  for (const Step& step : steps()) {
    std::size_t columns = 0;
    for (const Shape& shape : kShapes) {
      if (!step.depends_on_components && shape.n_columns == columns) continue;
      columns = shape.n_columns;
      const std::string name = std::string(kernel.name) + "/" + step.name + "/" + shape.name;
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&](benchmark::State& state) { measure(state, kernel, step, shape); });
    }
  }
}

void register_all() {
  for (const KernelInfo& info : kernels()) {
    if (info.supported) {
      use_kernel(info.name);
      register_kernel(kernel::active());
    } else {
      benchmark::RegisterBenchmark(info.name.c_str(), [](benchmark::State& state) {
        state.SkipWithError("this processor cannot run it");
      });
    }
  }
}

}  // namespace
}  // namespace mixbern::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  mixbern::bench::register_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
