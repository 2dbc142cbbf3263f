#include "em/stop_rule.hpp"

#include <algorithm>
#include <cmath>

namespace mixbern {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void StopRule::add(double objective, bool is_em_step) {
  const double previous = objective_;
  objective_ = objective;
  remaining_ = kUnknown;
  if (!std::isfinite(previous) || !std::isfinite(objective)) return;
  change_ = objective - previous;
  if (!is_em_step) {
    gains_.clear();
    needed_ = kSteps + 1;
    return;
  }
  if (gains_.size() > kSteps) gains_.erase(gains_.begin());
  gains_.push_back(change_);
  remaining_ = estimate_remaining();
}

bool StopRule::decide(double expected_gain, std::size_t confirmations) {
  // Less cannot be to come than what the last step has just brought.
  if (!std::isnan(expected_gain)) remaining_ = std::max(expected_gain, change_);
  const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::abs(objective_);
  const bool done = tolerance_ > 0 && (std::abs(change_) <= rounding || remaining_ < tolerance_);
  agreeing_ = done ? agreeing_ + 1 : 0;
  return agreeing_ >= confirmations;
}

double StopRule::iterations_left() const {
  if (!(remaining_ > tolerance_)) return remaining_ <= tolerance_ ? 0 : kUnknown;
  return std::log(tolerance_ / remaining_) / std::log(remaining_ / (remaining_ + change_));
}

double StopRule::estimate_remaining() const {
  if (gains_.size() < needed_) return kUnknown;
  const double newest = gains_.back();
  const double oldest = gains_.front();
  if (newest <= 0) return std::abs(newest) < tolerance_ ? 0 : kUnknown;
  if (oldest <= newest) return kUnknown;
  const double rate = std::pow(newest / oldest, 1 / static_cast<double>(gains_.size() - 1));
  return newest * rate / (1 - rate);
}

}  // namespace mixbern
