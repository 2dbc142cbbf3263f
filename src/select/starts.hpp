// The starts of one fit: first parameters, rounds of EM, ranking.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "em/em_run.hpp"
#include "select/checkpoint.hpp"
#include "select/plan.hpp"

namespace mixbern {

struct StartsResult {
  std::vector<std::unique_ptr<EmRun>> runs;  ///< by start; null where cancelling came first
  std::vector<InitMethod> methods;           ///< by start, what it was
  std::size_t best;  ///< the start with the largest objective among those run to the end
  std::size_t total_iterations;
  double seconds_init;
};

/// Runs all starts of the plan: each for a first round, then the better half for twice as long, and so on
/// until n_finalists are left, which are run to the end (successive halving: Jamieson and Talwalkar, AISTATS
/// 2016). Where the work is small there is one round only, in which every start is run until search_tol.
/// Starts run in parallel, and where the data is large the rows of each as well. Runs in the task arena of
/// the caller. `facts`, settled for the plan's arithmetic, are of `data`. Goes on from the checkpoint.
/// With `run`, the rows are elsewhere: `data` has none of them.
StartsResult run_starts(const Dataset& data, const RowFacts& facts, const Plan& plan, Checkpoint& checkpoint,
                        const RunPass& run = {});

}  // namespace mixbern
