// Fits a lattice of data, K and options, and writes every number in full: what two commits write is the same,
// or there is a reason for it. README.md says how to run it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#if defined(MIXBERN_EMULATES_WIDE_KERNELS)
#include "kernels/emulated_kernel.hpp"
#endif
#include "tables.hpp"

namespace {

using namespace mixbern;
using parity::Table;

constexpr std::size_t kComponents[] = {1, 2, 5, 16, 17, 50, 130, 500};
constexpr std::size_t kMostEmulated = 17;  // components: instructions carried out one by one take long
constexpr unsigned kThreads[] = {1, 2, 3};
constexpr std::size_t kBlocks[] = {0, 0, 37, 1, 100};
constexpr InitMethod kInits[] = {InitMethod::kRandom, InitMethod::kWide, InitMethod::kKMeans,
                                 InitMethod::kRows};
constexpr Acceleration kAccelerations[] = {Acceleration::kNone, Acceleration::kAuto};

struct Kernel {
  std::string name;
  bool is_emulated;
};

void use(const Kernel& kernel) {
#if defined(MIXBERN_EMULATES_WIDE_KERNELS)
  if (kernel.is_emulated) return kernel::use(*emulated_kernel(kernel.name));
#endif
  use_kernel(kernel.name);
}

std::vector<Kernel> kernels_here() {
  std::vector<Kernel> found;
  for (const KernelInfo& info : kernels()) {
    if (info.supported) found.push_back({info.name, false});
#if defined(MIXBERN_EMULATES_WIDE_KERNELS)
    if (!info.supported && emulated_kernel(info.name) != nullptr) found.push_back({info.name, true});
#endif
  }
  return found;
}

// A stretch of the numbers' bits: FNV-1a.
std::uint64_t digest(std::span<const double> numbers) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const double number : numbers) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(number)) * 0x100000001b3;
  }
  return hash;
}

void print(const char* name, std::span<const double> numbers) {
  fmt::print("  {}", name);
  for (const double number : numbers) fmt::print(" {:a}", number);
  fmt::print("\n");
}

void print(const FitResult& result) {
  print("log_likelihood", {{result.log_likelihood}});
  print("trace", result.trace);
  print("weights", result.mixture.weights());
  fmt::print("  probabilities {:016x}\n", digest(result.mixture.probabilities()));
  std::vector<double> sums;
  for (std::size_t k = 0; k < result.mixture.n_components(); ++k) {
    sums.push_back(0);
    for (const double p : result.mixture.probabilities(k)) sums.back() += p;
  }
  print("sums", sums);
  std::fflush(stdout);
}

// One of n, with no pattern over turns: options then meet in many combinations.
std::size_t drawn(std::size_t turn, std::size_t what, std::size_t n) {
  std::uint64_t x = (turn * 16 + what) * 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  return static_cast<std::size_t>((x >> 33) % n);
}

template <class T, std::size_t kSize>
T drawn(std::size_t turn, std::size_t what, const T (&values)[kSize]) {
  return values[drawn(turn, what, kSize)];
}

FitOptions options_of(const Table& table, std::size_t n_components, Precision precision, std::size_t turn) {
  FitOptions options{
      .n_components = n_components, .init = drawn(turn, 0, kInits), .n_init = 1 + drawn(turn, 1, 2)};
  options.max_iter = 14;
  options.tol = 0;
  options.estimation.semi_supervised = table.holds_labels;
  options.seed = turn;
  options.threads = drawn(turn, 2, kThreads);
  options.block_rows = drawn(turn, 3, kBlocks);
  options.precision = precision;
  options.acceleration = drawn(turn, 4, kAccelerations);
  return options;
}

class Lattice {
 public:
  Lattice(std::size_t part, std::size_t parts) : part_(part), parts_(parts), kernels_(kernels_here()) {}

  void run() {
    for (const Table& table : parity::tables()) {
      for (const std::size_t n_components : kComponents) {
        for (const Precision precision : {Precision::kFast, Precision::kFast, Precision::kDouble}) {
          ++turn_;
          if (table.holds_labels && n_components == 1) continue;  // there are two labels
          if (turn_ % parts_ == part_) run_case(table, n_components, precision);
        }
      }
    }
  }

 private:
  void run_case(const Table& table, std::size_t n_components, Precision precision) const {
    const Kernel* kernel = &kernels_[turn_ % kernels_.size()];
    if (kernel->is_emulated && n_components > kMostEmulated)
      kernel = &kernels_[(turn_ + 1) % kernels_.size()];
    if (kernel->is_emulated && n_components > kMostEmulated) return;
    use(*kernel);
    const FitOptions options = options_of(table, n_components, precision, turn_);
    fmt::print("{} {} k={} {} {} threads={} block={} {}\n", turn_, table.name, n_components,
               to_string(precision), kernel->name, options.threads, options.block_rows,
               to_string(options.init));
    print(fit(table.data, options));
  }

  std::size_t part_, parts_;
  std::vector<Kernel> kernels_;
  std::size_t turn_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fits a lattice of data, K and options, and writes every number in full");
  std::size_t part = 0, parts = 1;
  app.add_option("--part", part, "Which part of the cases");
  app.add_option("--parts", parts, "How many parts there are");
  CLI11_PARSE(app, argc, argv);
  Lattice(part, parts).run();
}
