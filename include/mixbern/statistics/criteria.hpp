// How good a mixture is for its size, and how sharply it tells its components apart.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/mixture/posterior.hpp"

namespace mixbern {

/// How sharply a mixture assigns rows. N is the weight of the rows that answered anything; other rows count
/// nowhere here. docs/statistics.md has the formulas and their sources.
struct Classification {
  double n = 0;
  double uncertainty = 0;  ///< EN(γ) = Σ_i w_i Σ_k −γ_ik ln γ_ik, nats, >= 0
  double entropy = 1;      ///< 1 − EN / (N ln K); 1 for K = 1 (Ramaswamy et al. 1993)
  double entropy_r2 = 1;   ///< 1 − EN / (N Σ_k −π_k ln π_k), the R² form; 1 if one component has all
  double error = 0;        ///< Σ_i w_i (1 − max_k γ_ik) / N: expected share of rows assigned wrongly
  std::vector<double> sizes_by_posterior = {};  ///< [K] Σ_i w_i γ_ik / N
  std::vector<double> sizes_by_mode = {};       ///< [K] share of rows whose largest posterior is k's
  /// K × K row-major: entry (j, k) is the mean posterior of k among the rows assigned to j; NaN where nobody
  /// is assigned to j. The diagonal is the "average posterior probability" of the literature.
  std::vector<double> average_posteriors = {};
};

/// REQUIRES: data.n_features() == mixture.n_features(); std::invalid_argument otherwise. Cost: O(N) to find
/// the distinct rows, then O(distinct rows' ones · K).
Classification classification(const Mixture& mixture, const Dataset& data,
                              const PosteriorOptions& options = {});

/// Information criteria; smaller is better, except for the classification log-likelihood.
struct Criteria {
  double aic;                            ///< −2 log L + 2 p (Akaike 1974)
  double aic3;                           ///< −2 log L + 3 p (Bozdogan 1993)
  double bic;                            ///< −2 log L + p log N (Schwarz 1978)
  double sabic;                          ///< −2 log L + p log((N + 2) / 24) (Sclove 1987)
  double caic;                           ///< −2 log L + p (log N + 1) (Bozdogan 1987)
  double icl_bic;                        ///< BIC + 2 EN (McLachlan and Peel 2000, chapter 6)
  double awe;                            ///< −2 log L_c + 2 p (3/2 + log N) (Banfield and Raftery 1993)
  double classification_log_likelihood;  ///< log L_c = log L − EN (McLachlan and Peel 2000, chapter 6)
};

/// `n` is the weight of the rows that answered anything, `uncertainty` is EN of classification(). Where N is
/// small enough the logarithms may be negative; they are taken as they are.
Criteria criteria(double log_likelihood, std::size_t n_parameters, double n, double uncertainty);

}  // namespace mixbern
