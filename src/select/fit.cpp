#include "mixbern/fit/fit.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/stopwatch.hpp"
#include "base/thread_arena.hpp"
#include "data/distinct_rows.hpp"
#include "data/full_sets.hpp"
#include "data/row_facts.hpp"
#include "mixbern/fit/federated.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/mixture/posterior.hpp"
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

// 0: nobody knows. The distinct rows only where there are few.
std::pair<std::size_t, std::optional<Dataset>> merged_where_it_pays(const Dataset& data) {
  std::optional<DistinctRows> found = few_distinct_rows(data);
  if (!found) return {};
  const std::size_t n = found->count();
  return {n, collapsing_pays(n, data.n_rows()) ? std::optional(found->take()) : std::nullopt};
}

RowFacts facts_of(const Dataset& rows, const Helpers* helpers) {
  if (helpers == nullptr) return RowFacts(rows, Arithmetic::kFixed);
  RowFacts facts = helpers->facts.rows();
  facts.encodings = encodings_for(rows, Arithmetic::kFixed);
  facts.finish();
  return facts;
}

// Starts run side by side.
RunPass one_at_a_time(const RunPass& run) {
  return [run, mutex = std::make_shared<std::mutex>()](const Pass& pass) {
    const std::scoped_lock lock(*mutex);
    return run(pass);
  };
}

bool is_shared(const Plan& plan) {
  return !plan.small && !plan.keeps_remainders;
}

// What is printed is in double precision, whatever the iterations were done in.
void settle_log_likelihood(const Dataset& rows, const FitOptions& options, const Helpers* helpers,
                           FitResult& result) {
  const bool semi_supervised = options.estimation.semi_supervised;
  result.log_likelihood =
      helpers != nullptr ? log_likelihood(result.mixture, *helpers, semi_supervised)
                         : log_likelihood(result.mixture, rows,
                                          {.threads = options.threads, .semi_supervised = semi_supervised});
}

void warn_of_few_distinct(std::size_t n_components, FitResult& result) {
  if (result.n_distinct_rows == 0 || result.n_distinct_rows >= n_components) return;
  result.warnings.push_back("more components (" + std::to_string(n_components) + ") than distinct rows (" +
                            std::to_string(result.n_distinct_rows) +
                            "): some components coincide or are empty");
}

FitResult fit_rows(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing,
                   const Helpers* helpers) {
  check_fit(data, options);
  if (options.estimation.semi_supervised && has_full_sets(data, options.n_components))
    return fit_rows(without_full_sets(data, options.n_components), options, checkpointing, helpers);
  const Stopwatch preparation;
  const auto [n_distinct, distinct] = merged_where_it_pays(data);
  const Dataset& rows = distinct ? *distinct : data;
  if (distinct) helpers = nullptr;
  RowFacts facts = facts_of(rows, helpers);
  const Plan plan = make_plan(facts, options);
  if (!is_shared(plan)) helpers = nullptr;
  facts.settle(plan.arithmetic);
  Checkpoint checkpoint(
      facts, [&rows] { return fingerprint(rows); }, plan, checkpointing);
  const double seconds_before = preparation.seconds();

  ThreadArena arena(options.threads);
  const Stopwatch iterations;
  const RunPass run = helpers != nullptr ? one_at_a_time(helpers->run) : RunPass{};
  const StartsResult starts = arena.execute([&] { return run_starts(rows, facts, plan, checkpoint, run); });

  FitResult result = result_of(starts, plan);
  result.seconds_em = std::max(iterations.seconds() - starts.seconds_init, 0.0);
  result.seconds_init += seconds_before;
  if (plan.arithmetic == Arithmetic::kFixed) settle_log_likelihood(rows, options, helpers, result);
  result.total_weight = total_weight(data);
  result.n_informative = facts.informative_weight;
  result.n_rows = data.n_rows();
  result.n_distinct_rows = n_distinct;
  result.threads = arena.threads();
  result.kernel = active_kernel();
  add_warning_of(checkpoint, result);
  warn_of_few_distinct(options.n_components, result);
  return result;
}

}  // namespace

FitResult fit(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing) {
  return fit_rows(data, options, checkpointing, nullptr);
}

FitResult fit(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing,
              const Helpers& helpers) {
  return fit_rows(data, options, checkpointing, &helpers);
}

}  // namespace mixbern
