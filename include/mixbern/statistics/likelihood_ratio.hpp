// The likelihood ratio test of Vuong, Lo, Mendell and Rubin: no data sets are drawn.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"

namespace mixbern {

struct LikelihoodRatioTest {
  TestStatistic plain;     ///< 2 (log L_alternative − log L_null)
  TestStatistic adjusted;  ///< the same divided by 1 + 1 / ((p − q) log N), p and q the numbers of parameters
};

/// Against a weighted sum of chi-squared variables whose weights are the eigenvalues of Vuong's matrix
/// (Econometrica 57 (1989), theorem 3.3), which Lo, Mendell and Rubin (Biometrika 88 (2001) 767-778, eq. 15
/// for the adjustment) apply to numbers of components. Parameters at a bound are held fixed.
///
/// Not for deciding on a number of components. The theorem needs one inner point of the larger model that is
/// the smaller one; here that is a whole set of points, with an empty component or with two alike, where the
/// information is singular (Jeffries, Biometrika 90 (2003) 991-994). The statistic then has a mean of 1.5 to
/// 2 times the number of additional parameters, and the test rejects a true number of components in a fifth
/// to half of all samples at 5 % (bench/simulation). kLikelihoodRatioCaution belongs beside each p-value that
/// is shown.
///
/// p-values are NaN where the weights cannot be computed. Throws std::invalid_argument if features differ,
/// the alternative has not more components, p + q > 2,000, or distinct rows · (p + q) > 50 million. Cost:
/// O(distinct rows · (p + q)² + (p + q)³).
LikelihoodRatioTest likelihood_ratio_test(const Mixture& null, const Mixture& alternative,
                                          const Dataset& data, const PosteriorOptions& options = {});

inline constexpr std::string_view kLikelihoodRatioCaution =
    "not for deciding: at 5 % it rejects a true number of components in a fifth to half of all samples; the "
    "bootstrap test (blrt) keeps its level";

/// P(Σ_j weights_j Z_j² > x) for independent standard normal Z, weights of either sign (Imhof, Biometrika 48
/// (1961) 419-426), to 1e-5 where at least three weights matter. NaN if all weights are 0.
double weighted_chi_squared_p_value(double x, std::span<const double> weights);

}  // namespace mixbern
