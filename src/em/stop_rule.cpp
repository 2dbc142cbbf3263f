#include "em/stop_rule.hpp"

#include <algorithm>
#include <cmath>

namespace mixbern {

bool StopRule::add(double objective) {
  const double previous = objective_;
  objective_ = objective;
  if (!std::isfinite(previous) || !std::isfinite(objective)) return false;
  change_ = objective - previous;
  if (gains_.size() > kSteps) gains_.erase(gains_.begin());
  gains_.push_back(change_);
  remaining_ = estimate_remaining();
  const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::abs(objective);
  const bool done = std::abs(change_) <= rounding || remaining_ < tolerance_;
  agreeing_ = done ? agreeing_ + 1 : 0;
  return agreeing_ >= kConfirmations;
}

double StopRule::estimate_remaining() const {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (gains_.size() < 2) return kUnknown;
  const double newest = gains_.back();
  const double oldest = gains_.front();
  if (newest <= 0) return std::abs(newest) < tolerance_ ? 0 : kUnknown;
  if (oldest <= newest) return kUnknown;
  const double rate = std::pow(newest / oldest, 1 / static_cast<double>(gains_.size() - 1));
  return newest * rate / (1 - rate);
}

}  // namespace mixbern
