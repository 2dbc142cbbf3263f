// Latent class analysis of a table: which classes there are, and what each answers.
//
//   fit_table data/carcinoma.csv 3
#include <fmt/core.h>

#include <cstdlib>
#include <exception>

#include "mixbern/fit.hpp"
#include "mixbern/io.hpp"

namespace {

void print_classes(const mixbern::Dataset& data, const mixbern::Mixture& mixture) {
  fmt::print("{:<12}", "item");
  for (std::size_t k = 0; k < mixture.n_components(); ++k) fmt::print("  class {}", k + 1);
  fmt::print("\n{:<12}", "share");
  for (const double weight : mixture.weights()) fmt::print("{:>9.4f}", weight);
  for (std::size_t d = 0; d < mixture.n_features(); ++d) {
    fmt::print("\n{:<12}", data.feature_names[d] + "=" + data.codings[d].one);
    for (std::size_t k = 0; k < mixture.n_components(); ++k)
      fmt::print("{:>9.4f}", mixture.probabilities(k)[d]);
  }
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    fmt::print(stderr, "usage: fit_table FILE CLASSES\n");
    return 2;
  }
  const mixbern::Dataset data = mixbern::read_dataset(argv[1]);
  const auto n_components = static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10));
  const mixbern::FitResult result = mixbern::fit(data, {.n_components = n_components});
  print_classes(data, result.mixture);
  fmt::print("log-likelihood {:.4f}, BIC {:.4f}, {} of {} starts found it\n", result.log_likelihood,
             result.bic(), result.n_init_at_best, result.n_init);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "fit_table: {}\n", error.what());
  return 1;
}
