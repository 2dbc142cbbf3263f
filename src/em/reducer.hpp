// Folding all rows, block by block, into one set of statistics.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "data/row_source.hpp"
#include "em/e_step.hpp"
#include "mixbern/fit/partial_sums.hpp"
#include "mixbern/fit/watch.hpp"

namespace mixbern {

/// Sums and the working memory of one thread.
struct Accumulator {
  explicit Accumulator(const StatsLayout& layout) : stats(layout) {}
  SufficientStats stats;
  Workspace work;
};

/// Adds a block, which is into.work.rows, to the accumulator.
using FoldBlock = std::function<void(Accumulator& into)>;

/// An E-step that is wanted of all rows. Nothing is owned. `mostly_shared`: see EStep.
struct PassRequest {
  const Mixture& mixture;
  const RowFacts& facts;
  const Prior& prior;
  bool mostly_shared = true;
};

/// What it found; `sums` stay valid until the next one. `log_prior`: a unit of the prior's strength.
struct Passed {
  const SufficientStats& sums;
  double log_likelihood;
  double log_prior;
  Ways ways;
};

/// The working memory of a pass over all rows: tables of the mixture, and sums. Calls of reduce() in any
/// number; each starts from zero. The sums are integers, so block size, number of threads and the order in
/// which blocks are taken change nothing.
class Reducer {
 public:
  virtual ~Reducer() = default;
  virtual const StatsLayout& layout() const = 0;
  Scorer& scorer() { return scorer_; }
  /// Folds all rows; the result is finished and stays valid until the next call.
  virtual const SufficientStats& reduce(const RowSource& rows, const FoldBlock& fold) = 0;
  /// An E-step over all rows.
  virtual Passed pass(const RowSource& rows, const PassRequest& request);

 protected:
  static Passed passed(const EStep& step, const SufficientStats& sums, const PassRequest& request);

 private:
  Scorer scorer_;
};

std::unique_ptr<Reducer> make_serial_reducer(const StatsLayout& layout, std::size_t block_rows);
/// Runs in the task arena of the caller; each thread keeps one accumulator.
std::unique_ptr<Reducer> make_thread_reducer(const StatsLayout& layout, std::size_t block_rows);

/// Asks others, who have the rows, for E-steps. Throws std::invalid_argument for sums that are not of all
/// rows. Other folds are for `local`.
std::unique_ptr<Reducer> make_remote_reducer(std::unique_ptr<Reducer> local, bool semi_supervised,
                                             RunPass run);

/// Thrown by a pass that was stopped before its end.
struct Stopped {};

/// The same, but tells `watch` of the rows of each block, and throws Stopped once that is cancelled.
std::unique_ptr<Reducer> make_watched_reducer(std::unique_ptr<Reducer> reducer, Watch& watch);

}  // namespace mixbern
