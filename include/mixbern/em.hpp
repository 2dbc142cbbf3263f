// Expectation maximisation: options, what an observer sees, what comes out.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mixbern/mixture.hpp"

namespace mixbern {

/// Why a run of EM ended.
enum class StopReason {
  kTolerance,      ///< the gain still to come is below `tol`
  kMaxIterations,  ///< `max_iter` iterations were done first
  kCancelled,      ///< the observer asked for it
};
/// "tolerance", "max_iter", "cancelled".
std::string_view to_string(StopReason reason);

/// State of one start after an E-step.
struct IterationEvent {
  std::size_t start;  ///< which start, from 0
  std::size_t n_starts;
  std::size_t iteration;       ///< E-steps of this start so far, from 1
  double mean_log_likelihood;  ///< nats a row, of the parameters before the M-step
  double change;               ///< against the iteration before; NaN at the first
  double remaining_gain;       ///< Aitken's estimate of what is still to come, nats a row; NaN if unknown
};

/// Watches a fit from outside. Starts run in parallel: calls come from several threads, one at a time.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Called once a stage of the fit begins: `stage` as a word for people, the starts and at most how many
  /// iterations of each it holds.
  virtual void stage_begins(std::string_view stage, std::size_t n_starts, std::size_t max_iterations) {
    (void)stage, (void)n_starts, (void)max_iterations;
  }
  virtual void iteration_done(const IterationEvent& event) { (void)event; }
  /// Asked after every iteration of every start; true ends the fit with the best model so far. Must be cheap
  /// and safe to call from several threads at once.
  virtual bool cancelled() { return false; }
};

}  // namespace mixbern
