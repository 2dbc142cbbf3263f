// Progress of a fit on standard error.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "mixbern/fit/em.hpp"

namespace mixbern::app {

/// On a terminal one line that is rewritten, at most ten times a second, and wiped at the end. Elsewhere
/// plain lines: one a stage and one every few seconds, none in the first second.
/// Any thread may call it.
class Progress : public Observer {
 public:
  struct Options {
    bool quiet = false;
    bool terminal = false;
    std::size_t width = 100;
    std::optional<double> tol = {};     ///< by default the library's usual one
    std::function<bool()> interrupted;  ///< may be empty
  };
  explicit Progress(Options options);
  ~Progress() override { finish(); }

  void stage_begins(std::string_view stage, std::size_t n_starts, std::size_t max_iterations) override;
  void iteration_done(const IterationEvent& event) override;
  bool cancelled() override { return options_.interrupted && options_.interrupted(); }

  /// What comes next, which tells nothing by itself before its first iteration; wait() names it when it takes
  /// long.
  void phase_begins(std::string_view name);
  void wait();
  /// Which part of a longer work this is, as "K 5 of 8": lines of iterations begin with it, and wait() tells
  /// it where a part has none. Its samples are parts too.
  void part_begins(std::string part);
  /// Whether an iteration of this phase is done.
  bool iterates() const;

  /// Wipes the line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void write(const std::string& text);
  bool due() const;
  double seconds_left() const;
  std::string line(const IterationEvent& event) const;
  void show(const IterationEvent& event);

  Options options_;
  mutable std::mutex mutex_;  // iterations are told by other threads
  std::string phase_;
  std::string part_;
  bool part_iterates_ = true;
  bool iterates_ = false;
  Clock::time_point began_;
  Clock::time_point stage_began_;
  Clock::time_point shown_;
  bool stage_told_ = false;
  bool line_stands_ = false;

  std::string stage_;
  std::size_t n_starts_ = 0;    ///< of this stage
  std::size_t all_starts_ = 0;  ///< of the stage that had most of them
  std::size_t max_iterations_ = 0;
  std::size_t iterations_ = 0;  ///< of this stage, all starts
  struct Start {
    double done = 0;
    double left = 0;
  };
  std::map<std::size_t, Start> starts_;
};

}  // namespace mixbern::app
