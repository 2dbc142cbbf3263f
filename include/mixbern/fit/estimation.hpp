// What makes an estimate out of data.
#pragma once

#include "mixbern/dataset/weights.hpp"
#include "mixbern/fit/em.hpp"

namespace mixbern {

/// Which estimate of a model is meant, whatever way leads there: the same for a fit, for the refits of a
/// bootstrap or a cross-validation, and for standard errors. It travels whole: FitResult::options has that of
/// a fit, to be passed on to whatever is to be known about it.
struct Estimation {
  double smoothing = 1e-6;  ///< pseudo-count a >= 0: posterior mode under Dirichlet(1 + a) for the weights
                            ///< and Beta(1 + 2am, 1 + 2a(1 − m)) for the probabilities of a feature
  SmoothingTarget smoothing_target = SmoothingTarget::kHalf;  ///< m: 1/2, or the feature's mean with half a
                                                              ///< row added to its ones and its zeros
  bool semi_supervised = false;  ///< semi-supervised: a row with a known label keeps it, or is of its set
  /// What Dataset::weights are, as settle_weights() says; weights enter all sums as they are.
  WeightsKind weights_kind = WeightsKind::kFrequency;
  bool operator==(const Estimation&) const = default;
};

}  // namespace mixbern
