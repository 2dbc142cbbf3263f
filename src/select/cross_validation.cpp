#include "mixbern/select/cross_validation.hpp"

#include <limits>
#include <stdexcept>

#include "mixbern/mixture/posterior.hpp"
#include "select/bootstrap_data.hpp"
#include "select/folds.hpp"
#include "select/refit.hpp"
#include "select/run_parts.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kRandomStarts = 8;
constexpr std::uint64_t kPurpose = 3;

}  // namespace

double cross_validated_log_likelihood(const Mixture& mixture, const Dataset& data, std::size_t n_folds,
                                      const BootstrapOptions& options) {
  if (mixture.n_features() != data.n_features())
    throw std::invalid_argument("the model and the data differ in their features");
  const Folds folds(data, n_folds, bootstrap_seed(options.seed, kPurpose, 0));
  double sum = 0;
  std::size_t n_done = 0;
  run_parts<double>(
      {"cross-validation", Unit::kFolds, n_folds, options.threads, options.watch},
      [&](std::size_t f) {
        const Refit fitted = refit(folds.training(f), mixture.n_components(), {mixture},
                                   {.n_random = kRandomStarts,
                                    .estimation = options.estimation,
                                    .seed = bootstrap_seed(options.seed, kPurpose, f + 1),
                                    .watch = options.watch});
        return log_likelihood(fitted.mixture, folds.held_out(f), {.threads = 1});
      },
      [&](std::size_t, const double& value) {
        sum += value;
        ++n_done;
        return true;
      });
  return n_done == n_folds ? sum : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace mixbern
