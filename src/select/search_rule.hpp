// When to try no more starts.
#pragma once

#include <span>

namespace mixbern {

/// Log-likelihoods of starts that were run to their end and lie this close, in nats in total, are of one
/// optimum.
inline constexpr double kSameOptimum = 1e-4;
/// The same where starts race and most are dropped early, as a share of the best log-likelihood.
inline constexpr double kSameInRace = 1e-6;

/// With 95 % confidence, at most this share of further starts would end at a better optimum than the best of
/// these: 1 − 0.05^(1/m), where m starts came after the first that met the best one, and none of them was
/// better (the "rule of three": Hanley and Lippman-Hand, JAMA 249, 1983). `log_likelihoods` in the order of
/// the starts; NaN entries, starts that never ran, count nowhere. O(n).
double unseen_share(std::span<const double> log_likelihoods);

}  // namespace mixbern
