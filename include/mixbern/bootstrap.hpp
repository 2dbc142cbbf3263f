// Tests and standard errors by drawing new data sets and fitting again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "mixbern/dataset.hpp"
#include "mixbern/em.hpp"
#include "mixbern/mixture.hpp"

namespace mixbern {

struct BootstrapOptions {
  std::size_t n_samples = 100;  ///< data sets at most
  std::uint64_t seed = 0;
  unsigned threads = 0;                       ///< 0: all processors; never changes a result
  double smoothing = 1e-6;                    ///< of the fits that are tested
  std::optional<double> null_smoothing = {};  ///< of the smaller one of two, where that is another
  SmoothingTarget smoothing_target = SmoothingTarget::kHalf;
  bool early_stop = true;  ///< tests end where the answer is clear
  /// Asked after every iteration of every fit, from several threads at once; true ends the bootstrap with the
  /// data sets that are done. Must be cheap. May be empty.
  std::function<bool()> cancelled = {};
};

/// A test whose distribution was drawn.
struct BootstrapTest {
  double statistic = 0;
  double p_value = 1;           ///< (1 + n_exceeding) / (1 + n_samples)
  std::size_t n_samples = 0;    ///< data sets that were drawn
  std::size_t n_exceeding = 0;  ///< of those, whose statistic is at least as large
  bool stopped_early = false;
};

/// Likelihood ratio test of `null` against `alternative`, both fitted to `data`, the second with more
/// components: 2 (log L_alternative − log L_null) against its distribution where `null` is true (McLachlan,
/// Applied Statistics 36 (1987) 318-324; Nylund, Asparouhov and Muthén, Structural Equation Modeling 14
/// (2007) 535-569).
///
/// Each data set has the rows, and the missing cells, of `data`. Both models are fitted to it: the smaller
/// from `null` and two random starts, the larger from `alternative`, from each component of the smaller one's
/// fit split in two, and eight random starts, so that the drawn statistics are as well maximised as the
/// observed one.
///
/// With `early_stop` drawing ends after ten exceeding statistics (Besag and Clifford, Biometrika 78 (1991)
/// 301-304: the p-value remains valid, and is above 0.05 for up to 200 data sets), or after 39 with none
/// where the observed statistic lies ten standard deviations above their mean (Cantelli's inequality: p <
/// 0.01).
///
/// REQUIRES: both have the features of `data`, and alternative has more components; std::invalid_argument
/// otherwise. Deterministic for a seed, for any number of threads. Cost: about 300 EM iterations of the
/// larger model for each data set.
BootstrapTest bootstrap_likelihood_ratio_test(const Mixture& null, const Mixture& alternative,
                                              const Dataset& data, const BootstrapOptions& options = {});

/// Where the data sets come from: drawn from the mixture, with the rows and missing cells of the data; or
/// rows drawn from the data with replacement.
enum class BootstrapKind { kParametric, kResampling };

/// How a mixture's fit and parameters vary over data sets. Components of each refit are matched with those of
/// the mixture by the Hungarian method (least sum of squared differences of probabilities).
struct BootstrapFit {
  std::size_t n_samples = 0;
  std::vector<double> weights = {};        ///< [K] standard deviations; NaN for fewer than two data sets
  std::vector<double> probabilities = {};  ///< [K × D]; NaN where the estimate is at 0 or 1 and stays there
  /// (1 + data sets with a statistic at least as large) / (1 + n_samples); NaN for kResampling.
  double g2_p_value = 0;
  double x2_p_value = 0;
  double cressie_read_p_value = 0;
  double saturated_p_value = 0;            ///< of SaturatedTests::g2; NaN where there is none, too
  std::vector<double> pair_p_values = {};  ///< of bivariate_residuals; empty for kResampling
};

/// Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 6; for the fit Collins et al.,
/// Multivariate Behavioral Research 28 (1993) 375-389. Each refit starts from `mixture` and from two random
/// starts. Every data set is drawn, whatever `early_stop` says. Deterministic for a seed, for any number of
/// threads. REQUIRES: the features of `data` and `mixture` agree; std::invalid_argument otherwise.
BootstrapFit bootstrap_fit(const Mixture& mixture, const Dataset& data, BootstrapKind kind,
                           const BootstrapOptions& options = {});

}  // namespace mixbern
