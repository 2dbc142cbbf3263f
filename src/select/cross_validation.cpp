#include "mixbern/cross_validation.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/posterior.hpp"
#include "model/random.hpp"
#include "select/bootstrap_data.hpp"
#include "select/bootstrap_runs.hpp"
#include "select/refit.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kRandomStarts = 8;
constexpr std::uint64_t kPurpose = 3;

// Fold of each row: the rows in a random order, dealt round.
std::vector<std::size_t> deal(std::size_t n_rows, std::size_t n_folds, std::uint64_t seed) {
  std::vector<std::size_t> order(n_rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Engine engine(seed);
  for (std::size_t i = n_rows; i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(uniform(engine) * static_cast<double>(i))]);
  std::vector<std::size_t> fold(n_rows);
  for (std::size_t i = 0; i < n_rows; ++i) fold[order[i]] = i % n_folds;
  return fold;
}

}  // namespace

double cross_validated_log_likelihood(const Mixture& mixture, const Dataset& data, std::size_t n_folds,
                                      const BootstrapOptions& options) {
  if (mixture.n_features() != data.n_features())
    throw std::invalid_argument("the model and the data differ in their features");
  if (n_folds < 2 || n_folds > data.n_rows()) {
    throw std::invalid_argument("cross-validation of " + std::to_string(data.n_rows()) +
                                " rows takes 2 folds up to as many as rows, not " + std::to_string(n_folds));
  }
  CollapsedRows all = collapse(data);
  all.data.labels.clear();
  const std::vector<std::size_t> fold =
      deal(data.n_rows(), n_folds, bootstrap_seed(options.seed, kPurpose, 0));
  std::vector<std::vector<double>> held_out(n_folds, std::vector<double>(all.data.n_rows(), 0.0));
  for (std::size_t i = 0; i < data.n_rows(); ++i) held_out[fold[i]][all.distinct_of_row[i]] += data.weight(i);

  BootstrapOptions folds = options;
  folds.n_samples = n_folds;
  double sum = 0;
  run_bootstrap<double>(
      folds,
      [&](std::size_t f) {
        Dataset rows = all.data;
        for (std::size_t i = 0; i < rows.n_rows(); ++i)
          rows.weights[i] = std::max(rows.weights[i] - held_out[f][i], 0.0);
        const Refit fitted = refit(rows, {mixture},
                                   {.n_random = kRandomStarts,
                                    .smoothing = options.smoothing,
                                    .seed = bootstrap_seed(options.seed, kPurpose, f + 1)});
        rows.weights = held_out[f];
        return log_likelihood(fitted.mixture, rows, {.threads = options.threads});
      },
      [&](std::size_t, const double& value) {
        sum += value;
        return true;
      });
  return sum;
}

}  // namespace mixbern
