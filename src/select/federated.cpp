#include "mixbern/fit/federated.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/sealed.hpp"
#include "base/stopwatch.hpp"
#include "base/thread_arena.hpp"
#include "em/m_step.hpp"
#include "em/pass.hpp"
#include "init/initialise.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "select/check.hpp"
#include "select/checkpoint.hpp"
#include "select/fit_result.hpp"
#include "select/starts.hpp"

namespace mixbern {
namespace {

RowFacts finished(const Facts& all, Arithmetic how) {
  RowFacts facts = all.rows();
  facts.finish();
  facts.settle(how);
  return facts;
}

// As the features are, without rows.
Dataset no_rows(const Facts& all) {
  Dataset none;
  none.ones = BitMatrix(0, all.n_features());
  none.categorical = all.categorical();
  return none;
}

// Each iteration asks everybody once, so that small tables are not searched through with thousands of starts.
Plan make_federated_plan(const RowFacts& facts, FitOptions options) {
  if (options.init == InitMethod::kPortfolio) options.init = InitMethod::kRandom;
  if (options.acceleration == Acceleration::kAuto) options.acceleration = Acceleration::kAnderson;
  constexpr std::size_t kMostStarts = 24;
  if (options.n_init == 0) options.n_init = std::min(make_plan(facts, options).options.n_init, kMostStarts);
  Plan plan = make_plan(facts, options);
  plan.sample_rows = 0;
  if (plan.small || plan.first_round < kFirstRound) plan.first_round = kFirstRound;
  if (plan.small) plan.search_tol = *plan.options.tol;
  plan.small = false;
  plan.keeps_remainders = false;
  return plan;
}

void check(const Facts& all, const FitOptions& options, const RunPass& run) {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
  };
  check_options(options);
  require(run != nullptr, "somebody has to run the passes");
  require(all.n_rows() > 0 && all.total_weight() > 0, "the facts are of no rows");
  require(options.init == InitMethod::kPortfolio || options.init == InitMethod::kRandom ||
              options.init == InitMethod::kWide || options.init == InitMethod::kModel,
          "rows that are elsewhere allow init random, wide and model only");
  require(options.acceleration != Acceleration::kNewton,
          "Newton's method needs the rows; use acceleration auto, anderson or none");
  check_model(all.n_features(), all.rows().items, options);
  check_constraints(all.n_features(), all.rows().items, options);
}

SufficientStats sums_of(const Pass& pass, const Sums& sums) {
  pass.check(sums);
  SufficientStats stats(pass.state().layout());
  stats.assign(sums.values());
  return stats;
}

}  // namespace

Pass pass_with(const Mixture& mixture, const Facts& all, const Estimation& estimation, Precision precision) {
  if (mixture.n_features() != all.n_features())
    throw std::invalid_argument("the mixture has " + std::to_string(mixture.n_features()) +
                                " features, the rows have " + std::to_string(all.n_features()));
  if (mixture.items() != all.rows().items)
    throw std::invalid_argument("the mixture has other items of more than two answers than the rows");
  const bool is_fast = precision == Precision::kFast;
  const RowFacts facts = finished(all, is_fast ? Arithmetic::kFixed : Arithmetic::kDouble);
  const ItemSummary items = summarise_items(facts);
  return {{mixture, facts, prior_of(estimation, items)}, estimation.semi_supervised};
}

Mixture maximise(const Pass& pass, const Sums& sums) {
  const Pass::State& state = pass.state();
  const std::vector<std::size_t> constant = summarise_items(state.facts).constant;
  return maximise(sums_of(pass, sums), state.mixture, state.prior(), std::span(constant));
}

double log_likelihood(const Pass& pass, const Sums& sums) {
  const Pass::State& state = pass.state();
  Scorer scorer;
  return EStep(state.mixture, state.facts, scorer, state.prior()).log_likelihood(sums_of(pass, sums));
}

double log_likelihood(const Mixture& mixture, const Helpers& helpers, bool semi_supervised) {
  const Pass pass = pass_with(mixture, helpers.facts, {.smoothing = 0, .semi_supervised = semi_supervised});
  return log_likelihood(pass, helpers.run(pass));
}

FitResult fit(const Facts& all, const FitOptions& options, const RunPass& run,
              const Checkpointing& checkpointing) {
  check(all, options, run);
  const Dataset none = no_rows(all);
  RowFacts facts = finished(all, Arithmetic::kFixed);
  const Plan plan = make_federated_plan(facts, options);
  facts.settle(plan.arithmetic);
  Checkpoint checkpoint(
      facts, [&all] { return checksum(all.to_bytes()); }, plan, checkpointing);

  ThreadArena arena(1);  // those who have the rows work meanwhile
  const Stopwatch iterations;
  const StartsResult starts = arena.execute([&] { return run_starts(none, facts, plan, checkpoint, run); });
  FitResult result = result_of(starts, plan);
  result.seconds_em = std::max(iterations.seconds() - starts.seconds_init, 0.0);
  if (plan.arithmetic == Arithmetic::kFixed) {
    result.log_likelihood = log_likelihood(result.mixture, {all, run}, options.estimation.semi_supervised);
  }
  result.total_weight = facts.total_weight;
  result.n_informative = facts.informative_weight;
  result.n_rows = facts.n_rows;
  result.threads = 1;
  result.kernel = active_kernel();
  add_warning_of(checkpoint, result);
  return result;
}

}  // namespace mixbern
