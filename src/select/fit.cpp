#include "mixbern/fit.hpp"

#include <algorithm>
#include <string>

#include "base/stopwatch.hpp"
#include "base/thread_arena.hpp"
#include "data/distinct_rows.hpp"
#include "data/row_facts.hpp"
#include "mixbern/kernels.hpp"
#include "mixbern/posterior.hpp"
#include "select/check.hpp"
#include "select/checkpoint.hpp"
#include "select/fit_result.hpp"
#include "select/starts.hpp"

namespace mixbern {
namespace {

// Equal rows are merged where that saves at least a quarter of the work.
bool collapsing_pays(std::size_t n_distinct, std::size_t n_rows) {
  return 4 * n_distinct <= 3 * n_rows;
}

}  // namespace

FitResult fit(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing) {
  check_fit(data, options);
  const Stopwatch preparation;
  std::optional<Dataset> distinct = few_distinct_rows(data);
  const std::size_t n_distinct = distinct ? distinct->n_rows() : 0;
  if (!collapsing_pays(n_distinct, data.n_rows())) distinct.reset();
  const Dataset& rows = distinct ? *distinct : data;
  RowFacts facts(rows, Arithmetic::kFixed);
  const Plan plan = make_plan(facts, options);
  facts.settle(plan.arithmetic);
  Checkpoint checkpoint(
      facts, [&rows] { return fingerprint(rows); }, plan, checkpointing);
  const double seconds_before = preparation.seconds();

  ThreadArena arena(options.threads);
  const Stopwatch iterations;
  const StartsResult starts = arena.execute([&] { return run_starts(rows, facts, plan, checkpoint); });

  FitResult result = result_of(starts, plan);
  result.seconds_em = std::max(iterations.seconds() - starts.seconds_init, 0.0);
  result.seconds_init += seconds_before;
  // What is printed is in double precision, whatever the iterations were done in.
  if (plan.arithmetic == Arithmetic::kFixed) {
    result.log_likelihood = log_likelihood(
        result.mixture, rows, {.threads = options.threads, .hold_labels = options.estimation.hold_labels});
  }
  result.total_weight = total_weight(data);
  result.n_informative = facts.informative_weight;
  result.n_rows = data.n_rows();
  result.n_distinct_rows = n_distinct;
  result.threads = arena.threads();
  result.kernel = active_kernel();
  add_warning_of(checkpoint, result);
  if (n_distinct != 0 && n_distinct < options.n_components) {
    result.warnings.push_back("more components (" + std::to_string(options.n_components) +
                              ") than distinct rows (" + std::to_string(n_distinct) +
                              "): some components coincide or are empty");
  }
  return result;
}

}  // namespace mixbern
