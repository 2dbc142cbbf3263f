#include "em/em_run.hpp"

#include <utility>

#include "em/e_step.hpp"

namespace mixbern {

EmRun::EmRun(const Dataset& data, const RowFacts& facts, Mixture start, const EmOptions& options)
    : data_(data), facts_(facts), mixture_(std::move(start)), options_(options), stop_rule_(options.tol) {}

std::optional<StopReason> EmRun::advance(std::size_t iterations, Reducer& reducer,
                                         const IterationHook& hook) {
  for (std::size_t i = 0; i < iterations && !stop_reason_; ++i) {
    if (next_) mixture_ = std::move(*next_);
    evaluate(reducer);
    const double per_row = facts_.total_weight > 0 ? 1 / facts_.total_weight : 0;
    trace_.push_back(log_likelihood_ * per_row);
    const bool done = stop_rule_.add(objective_ * per_row);
    const bool cancel = hook && hook(n_iter(), trace_.back(), stop_rule_.change(), stop_rule_.remaining());
    if (done) {
      stop_reason_ = StopReason::kTolerance;
    } else if (cancel) {
      stop_reason_ = StopReason::kCancelled;
    } else if (n_iter() >= options_.max_iter) {
      stop_reason_ = StopReason::kMaxIterations;
    }
  }
  return stop_reason_;
}

void EmRun::tighten_tolerance(double tol) {
  if (tol >= stop_rule_.tolerance()) return;
  stop_rule_.set_tolerance(tol);
  if (stop_reason_ == StopReason::kTolerance) stop_reason_.reset();
}

void EmRun::evaluate(Reducer& reducer) {
  const EStep step(mixture_, data_, facts_, options_.arithmetic, options_.hold_labels);
  const SufficientStats& stats = reducer.reduce(
      data_.n_rows(),
      [&](std::size_t begin, std::size_t end, Accumulator& into) { step.fold(begin, end, into); });
  log_likelihood_ = step.log_likelihood(stats);
  objective_ = log_likelihood_ + (options_.smoothing > 0 ? options_.smoothing * step.log_prior() : 0);
  const auto floored = options_.smoothing > 0 ? options_.constant_features : std::span<const std::size_t>();
  next_ = stats.maximise(mixture_, options_.smoothing, floored);
  empty_components_ = stats.empty_components();
}

}  // namespace mixbern
