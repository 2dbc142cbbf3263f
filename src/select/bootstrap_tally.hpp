// Drawn statistics of a bootstrap test, counted until the answer is known.
#pragma once

#include <cstddef>

#include "mixbern/select/bootstrap.hpp"

namespace mixbern {

/// A sequential test of Besag and Clifford, Biometrika 78 (1991) 301-304, whose early end is for large
/// p-values only: with the h-th exceeding statistic, if that comes among the first m, p is h over the number
/// drawn, which is h / m or more; otherwise all are drawn, and p is (1 + exceeding) / (1 + drawn).
class BootstrapTally {
 public:
  static constexpr std::size_t kEnoughExceeding = 20;  ///< h: p is known to a fifth of itself
  static constexpr std::size_t kAmong = 100;           ///< m: p is 0.2 or more

  /// Takes n_samples and early_stop from `options`.
  BootstrapTally(double observed, const BootstrapOptions& options)
      : observed_(observed), early_stop_(options.early_stop), n_asked_(options.n_samples) {}

  /// False once no more are needed.
  bool add(double statistic) {
    ++n_;
    if (statistic >= observed_) ++exceeding_;
    return !clearly_large();
  }

  BootstrapTest result() const {
    const auto n = static_cast<double>(n_), exceeding = static_cast<double>(exceeding_);
    return {.statistic = observed_,
            .p_value = clearly_large() ? exceeding / n : (1 + exceeding) / (1 + n),
            .n_samples = n_,
            .n_samples_asked = n_asked_,
            .n_exceeding = exceeding_,
            .ended = ended()};
  }

 private:
  bool clearly_large() const {
    return early_stop_ && n_ < n_asked_ && n_ <= kAmong && exceeding_ >= kEnoughExceeding;
  }
  BootstrapEnd ended() const {
    if (n_ >= n_asked_) return BootstrapEnd::kAllDrawn;
    return clearly_large() ? BootstrapEnd::kClearlyLarge : BootstrapEnd::kCancelled;
  }

  double observed_;
  bool early_stop_;
  std::size_t n_asked_;
  std::size_t n_ = 0;
  std::size_t exceeding_ = 0;
};

}  // namespace mixbern
