// The EM loop: the only one.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "em/accelerator.hpp"
#include "em/reducer.hpp"
#include "em/start_trace.hpp"
#include "em/stop_rule.hpp"
#include "mixbern/fit/em.hpp"
#include "mixbern/fit/watch.hpp"

namespace mixbern {

struct EmOptions {
  std::size_t max_iter = 10'000;     ///< E-steps
  double tol = 1e-6;                 ///< on the objective to be gained yet, nats a row; 0: to max_iter
  Prior prior = {.strength = 1e-6};  ///< its means are not owned
  Acceleration acceleration = Acceleration::kNone;
  std::span<const std::size_t> constant_features =
      {};  ///< not owned; with a prior kept off 0 and 1, see maximise()
};

/// One start. Legal order of calls: advance* , the accessors after the first of them.
///
/// An iteration is an E-step, which also gives the log-likelihood of the parameters it was done with, the
/// stop rule on the objective (mean log-likelihood plus the log prior, which EM never lowers), and, at the
/// start of the next iteration, the M-step: the mixture is always the one that was evaluated last.
class EmRun {
 public:
  /// `rows` and `facts` of them are not owned and must outlive the run.
  EmRun(const RowSource& rows, const RowFacts& facts, Mixture start, const EmOptions& options);

  /// Runs `iterations` more at most. Returns why it ended; nothing if it could go on. `watch`, which may be
  /// null, hears of each as of the first start of one. If the reducer throws, the run is what it was after
  /// the iteration before, and no call of advance() may follow.
  std::optional<StopReason> advance(std::size_t iterations, Reducer& reducer, Watch* watch);

  /// After the run met its tolerance, and where Newton steps may be taken and cost little: goes on to where
  /// the gradient is zero to rounding. One iteration more if that changed anything. No call of advance() may
  /// follow.
  void refine(Reducer& reducer);

  /// Asks for a smaller tolerance: a run that met the old one can go on. A larger one changes nothing.
  void tighten_tolerance(double tol);

  /// Goes on, if it met its tolerance, without a prior.
  void drop_prior();

  const Mixture& mixture() const { return current_.mixture; }
  /// Of mixture(), total, with row weights.
  double log_likelihood() const { return current_.log_likelihood; }
  /// log_likelihood() plus the log prior: what is maximised.
  double objective() const { return current_.objective; }
  std::size_t n_iter() const { return n_iter_; }
  /// E-steps: n_iter() and those of proposals that were rejected.
  std::size_t n_e_steps() const { return n_iter_ + n_rejected_; }
  /// What accelerators did beside them, in additions.
  double accelerators_work() const { return accelerators_work_; }
  /// Mean log-likelihood a row before each M-step; empty after retire().
  const std::vector<double>& trace() const { return trace_; }
  /// Part of trace(), also after retire().
  StartTrace start_trace() const { return trace_.empty() ? thin_trace_ : thinned(trace_); }
  /// For a run that lost a race: forgets all of the trace but start_trace(), and what only advance() needs.
  /// No call of it may follow.
  void retire();
  std::optional<StopReason> stop_reason() const { return stop_reason_; }
  /// All that later calls depend on.
  std::string saved() const;
  /// Becomes the run that was saved, of the same rows and options. Throws std::invalid_argument for bytes
  /// that are no such run. REQUIRES: nothing was called yet; its mixture has the shape of the saved one.
  void restore(std::string_view bytes);
  /// How the rows were worked on last.
  const Ways& ways() const { return current_.ways; }
  /// Components without any responsibility left.
  const std::vector<std::size_t>& empty_components() const { return current_.empty_components; }

 private:
  struct Evaluated {
    Mixture mixture;
    Mixture image;  // after the M-step
    double log_likelihood;
    double objective;
    std::vector<std::size_t> empty_components;
    bool mostly_shared;  // by several components each, more than half of the rows
    Ways ways;
  };

  template <class Self, class Archive>
  static void remember(Self& run, Archive& archive);
  void restore_accelerator(bool accelerates, bool uses_newton);
  void check_restored() const;
  Evaluated evaluate(Mixture mixture, Reducer& reducer);
  bool iterate(Reducer& reducer);
  void count_iteration();
  void tell(Watch& watch) const;
  bool may_use_newton() const;
  void make_accelerator();
  void use_newton();
  void change_accelerator();
  bool pays() const;
  bool propose();

  const RowSource& rows_;
  const RowFacts& facts_;
  EmOptions options_;
  double per_row_;  // 1 / total weight
  StopRule stop_rule_;
  std::unique_ptr<Accelerator> accelerator_;  // null for plain EM
  Evaluated current_;
  std::optional<Mixture> proposal_;  // to be evaluated in place of the image
  Mixture::Parameters spare_;        // memory of parameters that were left, for the next
  bool accelerating_ = false;
  std::size_t since_ = 0;  // iterations before the accelerator began
  std::size_t n_rejected_ = 0;
  double accelerators_work_ = 0;
  std::size_t n_iter_ = 0;
  std::vector<double> trace_;
  StartTrace thin_trace_;
  std::optional<StopReason> stop_reason_;
};

}  // namespace mixbern
