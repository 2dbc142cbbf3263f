// The state of a fit, so that it can go on after it was ended from outside.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "em/em_run.hpp"
#include "mixbern/fit/checkpoint.hpp"
#include "select/checkpoint_file.hpp"
#include "select/plan.hpp"

namespace mixbern {

/// What a start does in a round of all starts that run; rounds count from 1.
struct Stretch {
  std::size_t start;
  std::size_t round;
  std::size_t iterations;  ///< at most
};

/// What is remembered of a fit: each start as it was after some iteration of its own, and which starts were
/// chosen at the end of each race. A fit that goes on takes the same way again: what a start did before it
/// was saved is not done anew, and a choice that is remembered is not made anew, since the runs that it was
/// made from have gone on since. All else follows from data and options.
///
/// Not active where nobody asked for it, and where starts are so cheap that they may begin again. Safe to
/// call from several threads.
class Checkpoint {
 public:
  /// Takes in what is to be gone on from, and saves it. `checksum` is asked for that of the rows if anybody
  /// wants a checkpoint. Throws CheckpointError.
  Checkpoint(const RowFacts& facts, const std::function<std::uint64_t()>& checksum, const Plan& plan,
             const Checkpointing& options);

  /// Whether the start was saved; restore() makes its run what it was then. Throws CheckpointError.
  bool has(std::size_t start) const { return is_active_ && !runs_[start].bytes.empty(); }
  void restore(std::size_t start, EmRun& run) const;
  /// Whether the start was saved in a later round.
  bool is_past(std::size_t start, std::size_t round) const;

  /// Advances the run by what it has not done of a round yet, and saves where that is due.
  void advance(const Stretch& stretch, EmRun& run, Reducer& reducer, Watch& watch);
  /// The run of a start has changed otherwise.
  void renew(std::size_t start, const EmRun& run);

  /// Whether a choice is remembered that was not recalled yet.
  bool has_choice() const { return n_recalled_ < choices_.size(); }
  /// Puts the next choice of `n` starts among these to their front; false if it was not made yet. Throws
  /// CheckpointError.
  bool recall_choice(std::size_t n, std::vector<std::size_t>& starts);
  /// The first `n` of these were chosen.
  void note_choice(std::size_t n, const std::vector<std::size_t>& starts);

  void save();
  /// Why the last state could not be saved; empty if it was.
  const std::string& failure() const { return failure_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct SavedRun {
    std::uint64_t round = 0;
    std::uint64_t done = 0;  // iterations of it, or kAll
    std::string bytes = {};
    Clock::time_point taken = {};
  };

  std::size_t done(const Stretch& stretch) const;
  void note(const Stretch& stretch, std::uint64_t done, const EmRun& run);
  void read(std::string_view state);
  void write();

  Checkpointing options_;
  bool is_active_;
  std::vector<Condition> conditions_;
  std::vector<SavedRun> runs_;  // by start
  std::vector<std::vector<std::size_t>> choices_;
  std::size_t n_recalled_ = 0;
  std::mutex mutex_;
  Clock::time_point written_;
  std::chrono::duration<double> seconds_a_write_{0};
  std::string failure_ = {};
};

}  // namespace mixbern
