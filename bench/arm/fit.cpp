// One thread's fit with the default options, for counting instructions: fit FILE COMPONENTS
#include "mixbern/fit.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <exception>

#include "mixbern/io.hpp"
#include "mixbern/kernels.hpp"

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  const mixbern::Dataset data = mixbern::read_dataset(argv[1]);
  const auto n_components = static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10));
  const mixbern::FitResult result = mixbern::fit(data, {.n_components = n_components, .threads = 1});
  fmt::print("{}: {} starts, log-likelihood {:.6f}\n", mixbern::active_kernel(), result.n_init,
             result.log_likelihood);
  std::fflush(stdout);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "fit: {}\n", error.what());
  return 1;
}
