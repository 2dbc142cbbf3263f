#include "select/plan.hpp"

#include <algorithm>

namespace mixbern {
namespace {

// Additions of one E-step: the ones (and missing cells) of all rows times the components, and the softmax,
// which costs about as much as 30 additions a component.
double work_of_iteration(const RowFacts& facts, std::size_t n_components) {
  const auto as_double = [](std::size_t n) { return static_cast<double>(n); };
  const std::size_t cells = facts.n_ones + facts.n_missing;
  return (as_double(cells) + 30 * as_double(facts.n_rows)) * as_double(n_components);
}

// Up to here an iteration takes tens of microseconds: every start is run until its likelihood is known well
// enough to say which starts met at the same optimum.
constexpr double kSmallWork = 5e4;
// Up to here a total that is right to the eighth digit costs next to nothing.
constexpr double kExactWork = 2e5;
// Up to here about a millisecond: starts race, the survivors are run until the total, not just a row, is
// right.
constexpr double kMediumWork = 3e6;
// What all first rounds together may cost, in additions: some seconds on one core.
constexpr double kSearchWork = 1.2e10;

// From here on a start is first fitted to a sample of the rows: a sixteenth of them, but enough for every
// component to show.
constexpr double kSampleWork = 1e8;
constexpr std::size_t kSampleShare = 16;
constexpr std::size_t kFewestSampleRows = 20'000;
constexpr std::size_t kSampleRowsPerComponent = 200;
// A larger share would say no more, and the sample is held in memory.
constexpr double kMostSampleBytes = 1 << 25;

// Where starts are run to their end, that end is known to a tenth of what tells one optimum from another.
constexpr double kSmallSearchTolerance = 1e-5;  // nats in total
// What all starts of a table that is not large may cost, in additions: up to about a second of one core.
constexpr double kSearchWorkOfTable = 6e9;

// Cells of which sums keep what rounding takes off: a gigabyte a thread at most.
constexpr std::size_t kMostRemainders = std::size_t{1} << 22;

constexpr std::size_t kFirstRoundAfterSample = 2;
constexpr std::size_t kMediumStarts = 32;  // and as much again for variations
constexpr std::size_t kMostSmallStarts = 4096;
constexpr std::size_t kMostStarts = 24;
constexpr std::size_t kFewestStarts = 4;

bool has_one_start(const FitOptions& options) {
  return options.init == InitMethod::kLabels || options.init == InitMethod::kModel ||
         options.n_components == 1;
}

std::size_t default_starts(const FitOptions& options, double work) {
  if (has_one_start(options)) return 1;
  if (work <= kSmallWork) return kMostSmallStarts;
  if (work <= kMediumWork) return kMediumStarts;
  const auto affordable = static_cast<std::size_t>(kSearchWork / (work * kFirstRound));
  return std::clamp(affordable, kFewestStarts, kMostStarts);
}

double bytes_a_row(const RowFacts& facts) {
  if (!facts.is_packed) return 8 + 4 * facts.ones_a_row;
  return 8 * static_cast<double>(BitMatrix::words_for(facts.ones.size()));
}

std::size_t sample_rows(const RowFacts& facts, const FitOptions& options, double work) {
  const bool given = options.init == InitMethod::kModel || options.init == InitMethod::kLabels;
  if (work <= kSampleWork || given || options.n_components == 1) return 0;
  const auto most = static_cast<std::size_t>(kMostSampleBytes / bytes_a_row(facts));
  const std::size_t n = std::max({std::min(facts.n_rows / kSampleShare, most), kFewestSampleRows,
                                  kSampleRowsPerComponent * options.n_components});
  return n <= facts.n_rows / 4 ? n : 0;
}

// A small table is fitted until its total log-likelihood is right to 1e-7, a medium one to 1e-5.
double default_tolerance(const RowFacts& facts, double work) {
  if (work > kMediumWork) return 1e-6;
  return std::clamp((work <= kExactWork ? 1e-7 : 1e-5) / facts.total_weight, 1e-12, 1e-6);
}

}  // namespace

Plan make_plan(const RowFacts& facts, const FitOptions& options) {
  const double work = work_of_iteration(facts, options.n_components);
  Plan plan{.options = options, .small = work <= kSmallWork};
  FitOptions& filled = plan.options;
  // The kinds of start differ little where there is much data, and one that begins near the item means is the
  // cheapest there.
  if (filled.init == InitMethod::kPortfolio && work > kMediumWork) filled.init = InitMethod::kRandom;
  plan.iteration_work = work + 5000 + 100 * static_cast<double>(facts.ones.size() * options.n_components);
  if (work <= kMediumWork && filled.n_init == 0 && !has_one_start(options))
    plan.most_work = kSearchWorkOfTable;
  plan.varies =
      !plan.small && filled.n_init == 0 && filled.init == InitMethod::kPortfolio && options.n_components > 1;
  if (filled.n_init == 0) filled.n_init = default_starts(options, work);
  if (has_one_start(options)) filled.n_init = 1;
  if (filled.max_iter == 0) filled.max_iter = work <= kExactWork ? 100'000 : 10'000;
  if (!filled.tol) filled.tol = default_tolerance(facts, work);
  if (options.precision == Precision::kAuto) {
    const bool is_exact = options.estimation.smoothing == 0;
    filled.precision = work > kMediumWork && !is_exact ? Precision::kFast : Precision::kDouble;
  }
  plan.arithmetic = filled.precision == Precision::kFast ? Arithmetic::kFixed : Arithmetic::kDouble;
  plan.keeps_remainders = plan.arithmetic == Arithmetic::kDouble && options.estimation.smoothing == 0 &&
                          options.n_components * facts.ones.size() <= kMostRemainders;
  plan.vanishing_prior = options.estimation.smoothing == 0 && !has_one_start(options) && *filled.tol > 0;
  plan.sample_rows = sample_rows(facts, options, work);
  plan.first_round = plan.small              ? filled.max_iter
                     : plan.sample_rows == 0 ? kFirstRound
                                             : kFirstRoundAfterSample;
  plan.search_tol =
      plan.small ? std::max(*filled.tol, kSmallSearchTolerance / facts.total_weight) : *filled.tol;
  plan.n_finalists = std::clamp<std::size_t>(filled.n_init / 8, 1, 4);
  return plan;
}

}  // namespace mixbern
