// Long work, told to whoever waits for it, and ended from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mixbern {

/// What a stage of long work counts.
enum class Unit : std::uint8_t { kIterations, kSamples, kFolds, kReplicates };
/// "iteration", "sample", "fold", "replicate".
std::string_view to_string(Unit unit);

/// A piece of long work.
struct Stage {
  std::string_view name;          ///< a word for people
  Unit unit = Unit::kIterations;  ///< told by iteration_done(); other units by units_done()
  std::size_t n = 0;              ///< so many at most; iterations of each start
  std::size_t n_starts = 1;       ///< that iterate
};

/// State of one start after an E-step.
struct IterationEvent {
  std::size_t start;  ///< which start, from 0
  std::size_t n_starts;
  std::size_t iteration;       ///< iterations of this start so far, from 1
  double mean_log_likelihood;  ///< nats a row, of the parameters before the M-step
  double change;               ///< against the iteration before; NaN at the first
  double remaining_gain;       ///< Aitken's estimate of what is still to come, nats a row; NaN if unknown
};

/// Watches fits, refits of data sets that were drawn, folds, replicates; the one way to end any of them.
///
/// Work is told as parts (of a search over K: "K 2 of 5"), their stages, and what is done of a stage.
/// part_begins() and stage_begins() come from the thread that does the work, iteration_done() from several
/// but one at a time unless is_thread_safe(), the others from several at once, so they must be safe and
/// cheap.
class Watch {
 public:
  virtual ~Watch() = default;
  virtual void part_begins(std::string_view part) { (void)part; }
  virtual void stage_begins(const Stage& stage) { (void)stage; }
  virtual void iteration_done(const IterationEvent& event) { (void)event; }
  /// Whether iteration_done() may be called from several threads at once, so that none waits for another.
  virtual bool is_thread_safe() const { return false; }
  /// `n_done` units of the stage, in all.
  virtual void units_done(std::size_t n_done) { (void)n_done; }
  /// `n` rows more of a pass over `n_rows`; not where tables are so small that an iteration takes no time.
  virtual void rows_done(std::size_t n, std::size_t n_rows) { (void)n, (void)n_rows; }
  /// Asked after every iteration, and within it where it is long; true ends the work with the best so far.
  virtual bool cancelled() { return false; }
};

/// Tells who watches, if somebody does, of the next part.
inline void begin_part(Watch* watch, std::string_view part) {
  if (watch != nullptr) watch->part_begins(part);
}

/// Whether somebody watches and asks for the end.
inline bool is_cancelled(Watch* watch) {
  return watch != nullptr && watch->cancelled();
}

}  // namespace mixbern
