// Folding all rows, block by block, into one set of statistics.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "data/row_source.hpp"
#include "em/e_step.hpp"

namespace mixbern {

/// Sums and the working memory of one thread.
struct Accumulator {
  explicit Accumulator(const StatsLayout& layout) : stats(layout) {}
  SufficientStats stats;
  Workspace work;
};

/// Adds a block, which is into.work.rows, to the accumulator.
using FoldBlock = std::function<void(Accumulator& into)>;

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

 private:
  Scorer scorer_;
};

std::unique_ptr<Reducer> make_serial_reducer(const StatsLayout& layout, std::size_t block_rows);
/// Runs in the task arena of the caller; each thread keeps one accumulator.
std::unique_ptr<Reducer> make_thread_reducer(const StatsLayout& layout, std::size_t block_rows);

/// Thrown by a pass that was stopped before its end.
struct Stopped {};

/// The same, but asks `stop` before each block, from several threads at once, and throws Stopped when that is
/// true.
std::unique_ptr<Reducer> make_stoppable_reducer(std::unique_ptr<Reducer> reducer, std::function<bool()> stop);

}  // namespace mixbern
