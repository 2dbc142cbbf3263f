#include "mixbern/select/smoothing.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "mixbern/mixture/posterior.hpp"
#include "select/bootstrap_data.hpp"
#include "select/check.hpp"
#include "select/folds.hpp"
#include "select/refit.hpp"
#include "select/run_parts.hpp"

namespace mixbern {
namespace {

constexpr std::uint64_t kPurpose = 4;
constexpr std::size_t kRandomStarts = 8;
// Strong enough that components do not hold on to single rows, weak enough that they do not melt together.
constexpr double kFirstSmoothing = 0.1;
// Of the search: nats a row, far below what two folds differ by.
constexpr double kTolerance = 1e-5;
// Held-out log-likelihoods so near to each other, in total, are the same: then the data decides.
constexpr double kSame = 0.1;

// Pseudo-counts are 10^(step / kSteps).
constexpr int kSteps = 8;
constexpr int kFirst = -3 * kSteps, kLast = 2 * kSteps;
constexpr int kLeast = -6 * kSteps, kMost = 4 * kSteps;

double pseudo_count(int step) {
  return std::pow(10.0, static_cast<double>(step) / kSteps);
}

class Search {
 public:
  Search(const Dataset& data, const FitOptions& options, std::size_t n_folds)
      : options_(options),
        folds_(data, n_folds, bootstrap_seed(options.seed, kPurpose, 0)),
        total_weight_(total_weight(data)) {}

  SmoothingChoice run() {
    SmoothingChoice choice{.smoothing = options_.estimation.smoothing, .n_folds = folds_.size()};
    if (fit_folds()) search();
    if (trials_.empty()) {
      choice.warnings.emplace_back("cancelled before a smoothing was chosen");
      return choice;
    }
    choice.smoothing = pseudo_count(least_of_best());
    for (const auto& [step, value] : trials_) choice.trials.push_back({pseudo_count(step), value});
    return choice;
  }

 private:
  Parts fits(std::size_t n) const { return {"smoothing", Unit::kFolds, n, options_.threads, options_.watch}; }

  RefitOptions refit_options(double smoothing) const {
    Estimation estimation = options_.estimation;
    estimation.smoothing = smoothing;
    return {.estimation = estimation, .total_tol = kTolerance * total_weight_, .watch = options_.watch};
  }

  // The mixtures that all trials start from; false if it was cancelled.
  bool fit_folds() {
    const bool given = options_.init == InitMethod::kModel;
    const std::vector<Mixture> starts =
        given ? std::vector<Mixture>{*options_.init_model} : std::vector<Mixture>{};
    run_parts<Refit>(
        fits(folds_.size()),
        [&](std::size_t fold) {
          RefitOptions how = refit_options(kFirstSmoothing);
          how.n_random = given ? 0 : kRandomStarts;
          how.seed = bootstrap_seed(options_.seed, kPurpose, fold + 1);
          return refit(folds_.training(fold), options_.n_components, starts, how);
        },
        [&](std::size_t, const Refit& found) {
          bases_.push_back(found.mixture);
          return true;
        });
    return bases_.size() == folds_.size();
  }

  // Tries what has not been tried; false if it was cancelled.
  bool try_all(const std::vector<int>& steps) {
    std::vector<int> fresh;
    for (const int step : steps) {
      if (step >= kLeast && step <= kMost && !trials_.contains(step)) fresh.push_back(step);
    }
    std::map<int, double> sums;
    std::size_t n_done = 0;
    run_parts<double>(
        fits(fresh.size() * folds_.size()),
        [&](std::size_t job) {
          const std::size_t fold = job % folds_.size();
          const double smoothing = pseudo_count(fresh[job / folds_.size()]);
          const Refit found =
              refit(folds_.training(fold), options_.n_components, {bases_[fold]}, refit_options(smoothing));
          return log_likelihood(found.mixture, folds_.held_out(fold), {.threads = 1});
        },
        [&](std::size_t job, const double& value) {
          sums[fresh[job / folds_.size()]] += value;
          ++n_done;
          return true;
        });
    if (n_done < fresh.size() * folds_.size()) return false;
    trials_.merge(sums);
    return true;
  }

  void search() {
    std::vector<int> decades;
    for (int step = kFirst; step <= kLast; step += kSteps) decades.push_back(step);
    if (!try_all(decades)) return;
    while (best() == trials_.begin()->first && best() > kLeast) {
      if (!try_all({best() - kSteps})) return;
    }
    while (best() == trials_.rbegin()->first && best() < kMost) {
      if (!try_all({best() + kSteps})) return;
    }
    for (int width = kSteps / 2; width > 0; width /= 2) {
      if (!try_all({best() - width, best() + width})) return;
    }
  }

  int best() const {
    const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::max_element(trials_.begin(), trials_.end(), less)->first;
  }

  int least_of_best() const {
    const double enough = trials_.at(best()) - kSame;
    return std::find_if(trials_.begin(), trials_.end(), [&](const auto& t) { return t.second >= enough; })
        ->first;
  }

  const FitOptions& options_;
  Folds folds_;
  double total_weight_;
  std::vector<Mixture> bases_;    // one a fold
  std::map<int, double> trials_;  // held-out log-likelihood by step
};

}  // namespace

SmoothingChoice choose_smoothing(const Dataset& data, const FitOptions& options, std::size_t n_folds) {
  check_fit(data, options);
  refuse_constraints(options.constraints, "the choice of the smoothing by held-out rows");
  if (n_folds < 2) throw std::invalid_argument("choosing the smoothing takes 2 folds at least");
  const std::size_t n_rows = Folds::n_rows(data);
  if (n_rows < 2) {
    return {.smoothing = options.estimation.smoothing,
            .warnings = {"one row only: there is nothing to choose the smoothing by, so it is " +
                         std::to_string(options.estimation.smoothing)}};
  }
  return Search(data, options, std::min(n_folds, n_rows)).run();
}

}  // namespace mixbern
