// Tests and standard errors by drawing new data sets and fitting again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

struct BootstrapOptions {
  std::size_t n_samples = 100;  ///< data sets at most
  std::uint64_t seed = 0;
  unsigned threads = 0;                       ///< 0: all processors; never changes a result
  Estimation estimation = {};                 ///< of the fits that are tested
  std::optional<double> null_smoothing = {};  ///< of the smaller one of two, where that is another
  bool early_stop = true;                     ///< tests end where the p-value is clearly large
  /// Hears of the data sets that are done; where it cancels, they are all that is used. Not owned; may be
  /// null.
  Watch* watch = nullptr;
};

/// Why no more data sets were drawn.
enum class BootstrapEnd {
  kAllDrawn,      ///< as many as were asked for
  kClearlyLarge,  ///< the p-value is known to be about 0.2 or more
  kCancelled,     ///< somebody asked for it
  kNoRows,        ///< no row has an answer: there is nothing to draw
};
/// "all_drawn", "clearly_large", "cancelled", "no_rows".
std::string_view to_string(BootstrapEnd end);

/// A test whose distribution was drawn.
struct BootstrapTest {
  double statistic = 0;
  double p_value = 1;               ///< (1 + n_exceeding) / (1 + n_samples); kClearlyLarge without the 1s
  std::size_t n_samples = 0;        ///< data sets that were drawn
  std::size_t n_samples_asked = 0;  ///< and those that were asked for
  std::size_t n_exceeding = 0;      ///< of those drawn, whose statistic is at least as large
  BootstrapEnd ended = BootstrapEnd::kAllDrawn;
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
/// With `early_stop` drawing ends with the twentieth statistic that is at least as large as the observed one,
/// if that comes among the first hundred: p is then 20 / n_samples (Besag and Clifford, Biometrika 78 (1991)
/// 301-304), 0.2 or more, and remains valid. A smaller p comes from all data sets.
///
/// REQUIRES: both have the features of `data`, alternative has more components, and the weights are
/// frequencies; std::invalid_argument otherwise. Deterministic for a seed, for any number of threads. Cost:
/// about 300 EM iterations of the larger model for each data set.
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
  double mcar_p_value = 0;                 ///< of SaturatedTests::mcar; NaN where there is none, too
  std::vector<double> pair_p_values = {};  ///< of bivariate_residuals; empty for kResampling
};

/// Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 6; for the fit Collins et al.,
/// Multivariate Behavioral Research 28 (1993) 375-389. Each refit starts from `mixture` and from two random
/// starts. Every data set is drawn, whatever `early_stop` says. Deterministic for a seed, for any number of
/// threads. REQUIRES: the features of `data` and `mixture` agree, and the weights are frequencies;
/// std::invalid_argument otherwise.
BootstrapFit bootstrap_fit(const Mixture& mixture, const Dataset& data, BootstrapKind kind,
                           const BootstrapOptions& options = {});

}  // namespace mixbern
