// What a fit does where the caller left the choice open.
#pragma once

#include <cstddef>

#include "data/row_facts.hpp"
#include "em/e_step.hpp"
#include "mixbern/fit/fit.hpp"

namespace mixbern {

/// A fit's options without gaps, and how its starts are run.
struct Plan {
  FitOptions options;         ///< n_init, max_iter, tol filled in
  bool small = false;         ///< an iteration is so cheap that threads work on starts only, never on rows
  double iteration_work = 0;  ///< of one E-step and M-step, in additions
  /// Starts are tried until the search is done or has taken that many additions; options.n_init at most. 0:
  /// all of options.n_init.
  double most_work = 0;
  bool varies = false;  ///< after the race of options.n_init starts, variations of the finalists race
  Arithmetic arithmetic = Arithmetic::kDouble;
  bool keeps_remainders = false;  ///< sums lose nothing to rounding, so that no cell ends on a bound by it
  /// Without smoothing, starts are run with a pseudo-count of next to nothing first, and on from there.
  bool vanishing_prior = false;
  std::size_t sample_rows = 0;  ///< a random sample that each start is fitted to first; 0: none
  std::size_t first_round = 0;  ///< iterations of every start before the first ranking
  double search_tol = 0;        ///< tolerance until the finalists are known, then options.tol
  std::size_t n_finalists = 0;  ///< starts that are run to the end
};

/// Iterations of every start before the first ranking, where no sample was looked at before.
inline constexpr std::size_t kFirstRound = 16;

/// `facts` are of what EM will see (collapsed). Every choice depends on data and options only, never on the
/// machine, so that a fit is the same everywhere.
Plan make_plan(const RowFacts& facts, const FitOptions& options);

}  // namespace mixbern
