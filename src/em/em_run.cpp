#include "em/em_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/free_memory.hpp"
#include "em/anderson.hpp"
#include "em/m_step.hpp"
#include "em/newton.hpp"

namespace mixbern {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

// Iterations after which Newton's method takes over where it can: Anderson's is done by then in all but flat
// valleys, and a step of it costs less.
constexpr std::size_t kAndersonIterations = 150;

std::unique_ptr<Accelerator> make_anderson(std::size_t n_parameters) {
  const std::size_t memory = Anderson::memory_for(n_parameters);
  return memory > 0 ? std::make_unique<Anderson>(memory) : nullptr;
}

std::unique_ptr<Newton> make_newton(const RowSource& rows, const RowFacts& facts, const EmOptions& options) {
  return std::make_unique<Newton>(
      rows, facts.total_weight, options.prior,
      options.prior.strength > 0 ? options.constant_features : std::span<const std::size_t>());
}

}  // namespace

EmRun::EmRun(const RowSource& rows, const RowFacts& facts, Mixture start, const EmOptions& options)
    : rows_(rows),
      facts_(facts),
      options_(options),
      per_row_(facts.total_weight > 0 ? 1 / facts.total_weight : 0),
      stop_rule_(options.tol),
      current_{start, std::move(start), kMinusInfinity, kMinusInfinity, {}, true, {}} {
  make_accelerator();
}

void EmRun::make_accelerator() {
  switch (options_.acceleration) {
    case Acceleration::kNone:
      break;
    case Acceleration::kNewton:
      use_newton();
      break;
    case Acceleration::kAuto:
    case Acceleration::kAnderson:
      accelerator_ = make_anderson(current_.mixture.n_parameters());
      break;
  }
}

void EmRun::use_newton() {
  accelerator_ = make_newton(rows_, facts_, options_);
}

void EmRun::tell(Watch& watch) const {
  watch.iteration_done({.start = 0,
                        .n_starts = 1,
                        .iteration = n_iter(),
                        .mean_log_likelihood = trace_.back(),
                        .change = stop_rule_.change(),
                        .remaining_gain = stop_rule_.remaining()});
}

std::optional<StopReason> EmRun::advance(std::size_t iterations, Reducer& reducer, Watch* watch) {
  for (std::size_t i = 0; i < iterations && !stop_reason_; ++i) {
    const bool is_em_step = iterate(reducer);
    count_iteration();
    stop_rule_.add(current_.objective * per_row_, is_em_step);
    const bool done = propose();
    if (watch != nullptr) tell(*watch);
    if (done) {
      stop_reason_ = StopReason::kTolerance;
    } else if (is_cancelled(watch)) {
      stop_reason_ = StopReason::kCancelled;
    } else if (n_iter() >= options_.max_iter) {
      stop_reason_ = StopReason::kMaxIterations;
    }
  }
  spare_ = {};
  return stop_reason_;
}

void EmRun::refine(Reducer& reducer) {
  const bool wanted =
      options_.acceleration == Acceleration::kAuto || options_.acceleration == Acceleration::kNewton;
  if (!wanted || !may_use_newton()) return;
  if (stop_reason_ != StopReason::kTolerance || n_iter_ >= options_.max_iter) return;
  std::optional<Mixture> refined = make_newton(rows_, facts_, options_)->refined(current_.mixture);
  if (!refined) return;
  Evaluated found = evaluate(*std::move(refined), reducer);
  constexpr double kRounding = 1e-12;
  if (found.objective < current_.objective - kRounding * std::abs(current_.objective)) return;
  current_ = std::move(found);
  count_iteration();
}

void EmRun::count_iteration() {
  trace_.push_back(current_.log_likelihood * per_row_);
  ++n_iter_;
}

void EmRun::tighten_tolerance(double tol) {
  if (tol >= stop_rule_.tolerance()) return;
  stop_rule_.set_tolerance(tol);
  if (stop_reason_ == StopReason::kTolerance) stop_reason_.reset();
}

void EmRun::drop_prior() {
  options_.prior.strength = 0;
  current_.objective = current_.log_likelihood;
  stop_rule_ = StopRule(stop_rule_.tolerance());
  proposal_.reset();
  make_accelerator();
  accelerating_ = false;
  since_ = n_iter_;
  if (stop_reason_ == StopReason::kTolerance) stop_reason_.reset();
}

void EmRun::retire() {
  thin_trace_ = start_trace();
  free_memory(trace_);
  accelerator_.reset();
  proposal_.reset();
}

// True if it was an EM step, false if a proposal was taken.
bool EmRun::iterate(Reducer& reducer) {
  const bool proposed = proposal_.has_value();
  Evaluated found = evaluate(proposed ? *std::move(proposal_) : std::move(current_.image), reducer);
  proposal_.reset();
  bool taken = proposed;
  if (proposed && found.objective >= current_.objective) {
    accelerator_->accepted((found.objective - current_.objective) / facts_.total_weight);
  } else if (proposed) {
    ++n_rejected_;
    taken = false;
    accelerator_->rejected();
    found = evaluate(std::move(current_.image), reducer);
  }
  spare_ = std::move(current_.mixture).release();
  current_ = std::move(found);
  return !taken;
}

bool EmRun::may_use_newton() const {
  const Ties& ties = current_.mixture.ties();
  // Its coordinates are those of a model without ties, and all weights move in them.
  const std::size_t n_coordinates = current_.mixture.n_parameters() + ties.n_saved();
  return !ties.restricts_weights() && Newton::is_affordable(facts_.n_rows, n_coordinates);
}

// Changes from Anderson's method to Newton's where the first does not get on.
void EmRun::change_accelerator() {
  if (options_.acceleration != Acceleration::kAuto || n_iter() - since_ != kAndersonIterations) return;
  if (!may_use_newton()) return;
  use_newton();
  accelerating_ = false;
}

// The steps are small, and many of them are to come.
bool EmRun::pays() const {
  constexpr std::size_t kMany = 50;
  if (!(stop_rule_.change() < accelerator_->starts_below())) return false;
  const double left = stop_rule_.iterations_left();
  return std::isnan(left) ? n_iter() >= kMany : left > accelerator_->starts_before();
}

// Asks for a point to evaluate next; true if it is time to stop instead.
bool EmRun::propose() {
  change_accelerator();
  if (!accelerator_) return stop_rule_.decide();
  accelerating_ = accelerating_ || pays();
  if (!accelerating_) return stop_rule_.decide();
  proposal_ = accelerator_->propose(current_.mixture, current_.image);
  accelerators_work_ += accelerator_->work(current_.mixture.n_parameters());
  const double expected = accelerator_->expected_gain();
  if (std::isnan(expected)) return stop_rule_.decide();
  // Beside the floor of a curved valley the quadratic model may see nothing left. EM steps lead back to the
  // floor, so the estimate has to hold through some of them.
  if (expected < stop_rule_.tolerance()) proposal_.reset();
  return stop_rule_.decide(expected, accelerator_->confirmations());
}

EmRun::Evaluated EmRun::evaluate(Mixture mixture, Reducer& reducer) {
  const Prior& prior = options_.prior;
  const auto [sums, log_likelihood, log_prior, ways] =
      reducer.pass(rows_, {mixture, facts_, prior, current_.mostly_shared});
  Mixture image = maximise(sums, mixture, prior, options_.constant_features, std::exchange(spare_, {}));
  return {std::move(mixture),
          std::move(image),
          log_likelihood,
          log_likelihood + prior.strength * log_prior,
          sums.empty_components(),
          2 * sums.n_shared() > facts_.n_rows,
          ways};
}

}  // namespace mixbern
