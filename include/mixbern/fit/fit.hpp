// Start here: fit a mixture to data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/checkpoint.hpp"
#include "mixbern/fit/em.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/init.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

struct FitOptions {
  std::size_t n_components = 1;  ///< K, 1 … 65,536
  InitMethod init = InitMethod::kPortfolio;
  std::size_t n_init = 0;    ///< starts; 0: by the size of the work, more where they are cheap
  std::size_t max_iter = 0;  ///< E-steps a start at most; 0: 10,000, 100,000 where they are cheap
  /// Stop when the gain to come is below this, nats a row; 0: never, so that a start runs to max_iter; by
  /// default 1e-6, tighter where iterations are cheap.
  std::optional<double> tol = {};
  /// What is equal or held; FitResult::mixture carries it on to whatever is to be known of it.
  Constraints constraints = {};
  Estimation estimation = {};
  std::uint64_t seed = 0;
  unsigned threads = 0;        ///< 0: all processors
  std::size_t block_rows = 0;  ///< rows a block; 0: by size. Never changes a result
  Precision precision = Precision::kAuto;
  Acceleration acceleration = Acceleration::kAuto;
  std::optional<Mixture> init_model = {};  ///< for InitMethod::kModel
  Watch* watch = nullptr;                  ///< not owned; may be null
};

/// The starts of a fit that found their first parameters in the same way.
struct StartKind {
  InitMethod init = InitMethod::kRandom;
  std::size_t n_init = 0;
  std::size_t n_init_at_best = 0;  ///< of them, within FitResult::optimum_margin of the best log-likelihood
  bool operator==(const StartKind&) const = default;
};

/// What a fit found. Components are ordered by weight, largest first; by label where labels are held, and as
/// they are named where there are constraints.
struct FitResult {
  Mixture mixture;
  double log_likelihood = 0;  ///< total, of `mixture`, in double precision
  double total_weight = 0;    ///< of all rows
  double n_informative = 0;   ///< weight of the rows with at least one observed cell: N in BIC
  std::size_t n_rows = 0;
  std::size_t n_distinct_rows = 0;  ///< 0: not counted, since they would not fit into 128 MB
  /// [K] which component of its start each component was: its label, where that was labels.
  std::vector<std::size_t> start_components = {};
  std::size_t n_iter = 0;  ///< E-steps of the start that won
  bool converged = false;
  StopReason stop_reason = StopReason::kCancelled;
  std::size_t n_init = 0;
  std::size_t n_init_at_best = 0;  ///< starts within optimum_margin of the best log-likelihood
  /// How close log-likelihoods of one optimum lie, nats in total: 1e-4 where every start is run to its end,
  /// 1e-6 of the best where they race.
  double optimum_margin = 0;
  std::vector<InitMethod> start_inits = {};  ///< one a start: how it found its first parameters
  std::vector<StartKind> start_kinds = {};   ///< the starts by kind: one entry unless init is the portfolio
  /// With 95 % confidence, at most that share of further starts would end at a better optimum, see
  /// docs/statistics.md; NaN where starts race.
  double unseen_share = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> log_likelihoods = {};  ///< one a start, as far as it was run; NaN if not at all
  std::vector<double> trace = {};  ///< of the start that won: mean log-likelihood before each M-step
  /// Part of the trace of each start, in the order of log_likelihoods; of a start that was dropped early up
  /// to there. Empty for starts that never ran, and where there are more than 100 for all but the best of
  /// them.
  std::vector<StartTrace> traces = {};
  std::size_t total_iterations = 0;  ///< E-steps of all starts together
  double seconds_init = 0;           ///< merging equal rows, and first parameters of all starts, added up
  double seconds_em = 0;             ///< wall-clock of the iterations of all starts
  unsigned threads = 0;
  std::string kernel = {};
  std::string ways = {};    ///< in which the start that won last went over the rows, see ways.hpp
  FitOptions options = {};  ///< with every default filled in, without watch and init_model
  std::vector<std::string> warnings = {};  ///< sentences for people

  /// Akaike's and the Bayesian information criterion: −2 log L + 2 p, −2 log L + p log N with p free
  /// parameters.
  double aic() const;
  double bic() const;
  double mean_log_likelihood() const;  ///< log_likelihood / total_weight; 0 if there is no weight
};

/// Fits a mixture by maximum likelihood (posterior mode with smoothing), EM from several starts: every
/// start is run for a while, the best ones are run to the end. The same data, options and seed give
/// bit-identical results for any number of threads and any block size.
///
/// Throws std::invalid_argument for options out of range or data without rows or features, CheckpointError
/// for a state that it cannot go on from. Not converging is a result, not an error. Cost: O(distinct rows'
/// ones · K) an iteration.
FitResult fit(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing = {});

}  // namespace mixbern
