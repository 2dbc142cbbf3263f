// How sure are the parameters? Standard errors, intervals, and whether they are identified at all.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/statistics/survey.hpp"

namespace mixbern {

/// Which matrix is inverted. With scores s_i of the rows and H the matrix of second derivatives of the
/// log-likelihood: H⁻¹ sign changed; (Σ w_i s_i s_iᵀ)⁻¹; H⁻¹ (Σ s_i s_iᵀ) H⁻¹.
enum class StandardErrorMethod { kObserved, kOuterProduct, kSandwich };
/// "observed", "opg", "sandwich".
std::string_view to_string(StandardErrorMethod method);
std::optional<StandardErrorMethod> standard_error_method_from_string(std::string_view name);
/// What is right for weights of this kind where nothing else is asked for: kSandwich for those of a sample,
/// else kObserved.
inline StandardErrorMethod usual_method(WeightsKind kind) {
  return kind == WeightsKind::kSampling ? StandardErrorMethod::kSandwich : StandardErrorMethod::kObserved;
}

struct StandardErrorOptions {
  StandardErrorMethod method = StandardErrorMethod::kObserved;
  /// Of the fit: its prior's curvature is added to H, its labels are held, and in the middle of the sandwich
  /// a row of weight w counts w times (frequency) or w² times (sampling).
  Estimation estimation = {};
  /// How the rows were drawn. With one the method is always the sandwich, and its middle the covariance of
  /// the sum of scores under that design (Binder 1983).
  SurveyDesign design = {};
  unsigned threads = 0;  ///< 0: all processors; never changes a result
};

/// Standard errors of all weights and probabilities.
///
/// Computed in log-odds of θ and log-ratios of π (no bounds there), then by the delta method. A probability
/// at its bound has none: one of which fewer than 0.01 rows of its component, or a share of 2e-6, lie off the
/// bound. Such parameters are held fixed; their entries are NaN, and so are those of empty components and of
/// parameters that the model does not identify. What constraints hold has the standard error 0, and cells
/// that they make equal have one.
struct StandardErrors {
  StandardErrorMethod method = StandardErrorMethod::kObserved;
  std::optional<DesignSize> design = {};  ///< of the survey, where one was given
  std::size_t n_replicates = 0;           ///< refits that they come from; 0: from a matrix
  /// Of Student's t for intervals; infinite where nothing is known of how rows were drawn.
  double degrees_of_freedom = std::numeric_limits<double>::infinity();
  std::vector<double> weights = {};                ///< [K]
  std::vector<double> probabilities = {};          ///< [K × D] row-major
  std::vector<std::size_t> boundary = {};          ///< positions in `probabilities` at a bound
  std::vector<std::size_t> empty_components = {};  ///< fewer than 0.01 rows
  std::size_t n_free = 0;                          ///< parameters that are not at a bound
  std::size_t rank = 0;  ///< of the information matrix; n_free if all are identified
  /// Dimensions by which the distributions of the model fall short of its parameters, wherever these lie:
  /// holding some at a bound can hide that. 0 with held labels.
  std::size_t n_undetermined = 0;
  std::size_t n_vague = 0;  ///< probabilities whose standard error exceeds 0.5, more than there is room for
  /// By the model and the data. Holding parameters at a bound does not make a model identified.
  bool identified() const { return rank == n_free && n_undetermined == 0 && n_vague == 0; }
  std::vector<std::string> warnings = {};  ///< sentences for people
  std::vector<std::string> doubts = {};    ///< those of them that say what the data cannot tell
};

/// Louis, JRSS B 44 (1982) 226-233; Oakes, JRSS B 61 (1999) 479-482; McLachlan and Peel (2000), sections
/// 2.15-2.16; White, Econometrica 50 (1982) 1-25. The rank is that of the expected information over all 2^D
/// patterns, or 4,096 drawn ones where D > 12 or cells are missing (Goodman, Biometrika 61 (1974) 215-231).
///
/// Throws std::invalid_argument if features differ or n_parameters > 4,000, and as size_of() for a design.
/// Cost: O(patterns · p² + p³) for p parameters, O(p²) memory.
StandardErrors standard_errors(const Mixture& mixture, const Dataset& data,
                               const StandardErrorOptions& options = {});

/// The doubts of standard_errors() where they cost next to nothing: a few milliseconds at most, for few
/// parameters and rows. Else, and with labels that are held, only whether the table of all patterns has fewer
/// free cells than there are parameters. Empty for a model that the data determines.
std::vector<std::string> identification_warnings(const Mixture& mixture, const Dataset& data,
                                                 const StandardErrorOptions& options = {});

/// An interval for a probability that is symmetric in its log-odds, so that it stays inside (0, 1):
/// expit(logit p ± t · se / (p (1 − p))), with t of the normal distribution or, where the degrees of freedom
/// are finite, Student's. NaN where the standard error is, p is 0 or 1, or there are no degrees of freedom.
/// REQUIRES: 0 < level < 1.
struct Interval {
  double lower;
  double upper;
};
Interval logit_interval(double estimate, double standard_error, double level = 0.95,
                        double degrees_of_freedom = std::numeric_limits<double>::infinity());
/// estimate ± t · se, with t as above.
Interval wald_interval(double estimate, double standard_error, double level, double degrees_of_freedom);
/// The quantile of the normal distribution, or of Student's t, that an interval of `level` reaches on either
/// side; NaN without degrees of freedom.
double interval_quantile(double level, double degrees_of_freedom);
/// How often the same distribution lies farther from 0 than `ratio`, an estimate over its standard error; NaN
/// where that is, and without degrees of freedom.
double two_sided_p_value(double ratio, double degrees_of_freedom);

}  // namespace mixbern
