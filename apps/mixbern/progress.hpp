// Progress of a fit on standard error.
#pragma once

#include <oneapi/tbb/spin_mutex.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "interruption.hpp"
#include "mixbern/fit/watch.hpp"

namespace mixbern::app {

/// On a terminal one line that is rewritten, at most ten times a second, and wiped at the end. Elsewhere
/// plain lines: one a stage and one every few seconds, after a minute one a minute, none in the first second.
/// Any thread may call it.
class Progress : public Watch {
 public:
  struct Options {
    bool quiet = false;
    bool terminal = false;
    std::size_t width = 100;
    std::optional<double> tol = {};     ///< by default the library's usual one
    std::size_t bytes_a_row = 0;        ///< that a pass reads; 0: nobody knows
    std::function<bool()> interrupted;  ///< may be empty
  };
  explicit Progress(Options options);
  ~Progress() override { finish(); }

  /// As "K 5 of 8": what is told of its stages begins with it.
  void part_begins(std::string_view part) override;
  void stage_begins(const Stage& stage) override;
  void iteration_done(const IterationEvent& event) override;
  bool is_thread_safe() const override { return true; }
  void units_done(std::size_t n_done) override;
  void rows_done(std::size_t n, std::size_t n_rows) override;
  bool cancelled() override { return options_.interrupted && options_.interrupted(); }

  /// What comes next. While it tells nothing by itself wait() names it, how many of its samples or folds are
  /// done, or how far a pass over the rows is.
  void phase_begins(std::string_view name);
  void wait();
  /// Whether anything of this phase is done.
  bool has_begun() const;

  /// Wipes the line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  std::string line_if_due();
  void write(const std::string& text) const;
  bool due(Clock::time_point now) const;
  double seconds_left() const;
  std::string line(const IterationEvent& event) const;
  std::string line_of_waiting() const;
  std::string line_of_units() const;
  std::string line_of_pass() const;

  Options options_;
  // Iterations, of which some last a microsecond, are told by other threads; nothing is written under it.
  mutable tbb::spin_mutex mutex_;
  std::string phase_;
  std::string part_;
  bool has_begun_ = false;
  Clock::time_point began_;
  Clock::time_point stage_began_;
  Clock::time_point shown_;
  bool stage_told_ = false;
  bool line_stands_ = false;

  std::string stage_;           ///< empty before the first one of a phase or part
  Stage of_{};                  ///< without its name
  std::size_t all_starts_ = 0;  ///< of the stage that had most of them
  std::size_t done_ = 0;        ///< units of this stage, iterations of all starts
  struct Start {
    double done = 0;  ///< iterations of this stage: an event counts those of earlier stages too
    double change = 0, remaining_gain = 0;
  };
  std::vector<Start> starts_;  ///< those that have not begun too, up to the last that has

  std::atomic<std::size_t> n_rows_ = 0;       ///< of a pass
  std::atomic<std::size_t> rows_ = 0;         ///< that passes went over
  std::atomic<std::size_t> rows_before_ = 0;  ///< of them, before the present pass
  Clock::time_point pass_began_;
  std::optional<IterationEvent> last_;  ///< of this stage
};

/// On standard error, of work that ends early when a signal comes. `interruption` must outlive it.
Progress::Options on_standard_error(bool quiet, const Interruption& interruption,
                                    std::optional<double> tol = {});

}  // namespace mixbern::app
