// What predicts the classes of a model, and what they predict.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "mixbern/statistics/survey.hpp"

namespace mixbern {

/// A column beside the items, one entry a row.
struct Variable {
  std::string name = {};
  std::vector<double> values = {};           ///< numbers, or numbers of categories from 0; NaN where missing
  std::vector<std::string> categories = {};  ///< what those are called; empty: the values are numbers
};

/// N × P numbers that a logit is linear in.
struct DesignMatrix {
  std::vector<std::string> names = {};  ///< [P], "intercept" first
  std::vector<std::size_t> terms = {};  ///< [P] which term each column belongs to; 0 is the intercept
  std::vector<std::string> term_names = {};
  std::vector<double> values = {};  ///< N × P row-major; NaN where a covariate is missing
  std::size_t n_columns() const { return names.size(); }
  std::size_t n_rows() const { return names.empty() ? 0 : values.size() / names.size(); }
};

/// The columns of `terms`: "age" alone; "age:sex" the product; "age*sex" both and the product. A variable
/// with C categories gives C − 1 columns "sex=MALE", which compare with its first. Throws
/// std::invalid_argument for a term that names no variable, and for a variable of one value.
DesignMatrix design_matrix(std::span<const Variable> variables, std::span<const std::string> terms);

/// How the classes are taken on to the next step. ML and BCH start from assigned classes and correct for the
/// errors of assignment (Vermunt, Political Analysis 18 (2010) 450-469; Bolck, Croon and Hagenaars, Political
/// Analysis 12 (2004) 3-27); two-step holds the item probabilities (Bakk and Kuha, Psychometrika 83 (2018)
/// 871-892); one-step estimates all at once (Bandeen-Roche et al., JASA 92 (1997) 1375-1386). Auto takes ML
/// where the relative entropy of the model's posteriors is at least kLeastEntropy, or an assignment is asked
/// for, else one-step.
enum class RelateMethod { kAuto, kMl, kBch, kTwoStep, kOneStep };
/// "auto", "ml", "bch", "two-step", "one-step".
std::string_view to_string(RelateMethod method);
std::optional<RelateMethod> relate_method_from_string(std::string_view name);

/// Estimates from assigned classes are biased, and their standard errors too small, where classes overlap: in
/// published simulations below 0.6 (Vermunt 2010; Bakk and Vermunt, Structural Equation Modeling 23 (2016)
/// 20-31). A tenth more, as models of small samples look better separated than they are (docs/statistics.md).
inline constexpr double kLeastEntropy = 0.7;

/// Of ML and BCH: each row goes to its likeliest class, or to each by its posterior.
enum class Assignment { kModal, kProportional };
/// "modal", "proportional".
std::string_view to_string(Assignment assignment);
std::optional<Assignment> assignment_from_string(std::string_view name);

/// Given the class, an outcome is normal with a mean and a variance of its own, has probabilities of its own,
/// or is Poisson.
enum class OutcomeKind { kContinuous, kNominal, kCount };
/// "continuous", "nominal", "count".
std::string_view to_string(OutcomeKind kind);
std::optional<OutcomeKind> outcome_kind_from_string(std::string_view name);
/// Of a variable whose kind nobody gave: nominal with categories or only 0 and 1, else continuous.
OutcomeKind likely_kind(const Variable& variable);

struct RelateOptions {
  RelateMethod method = RelateMethod::kAuto;
  std::optional<Assignment> assignment = {};  ///< of three steps; modal by default
  std::optional<std::size_t> reference = {};  ///< component that logits compare with; the last one by default
  /// Of one-step: by default the observed information's; where it was taken by entropy, with sampling weights
  /// or a design the sandwich, which is what stacked equations come to without an earlier step.
  std::optional<StandardErrorMethod> one_step_errors = {};
  Estimation estimation = {};  ///< of the fit of the model
  SurveyDesign design = {};    ///< of the rows of the data
  /// Rows without the outcome are left out, and do not tell of the classes' sizes either.
  bool listwise = false;
  std::size_t max_iter = 500;
  unsigned threads = 0;    ///< 0: all processors; never changes a result
  Watch* watch = nullptr;  ///< of replicates, see ReplicateOptions; not owned, may be null
};

/// Standard errors of one estimate. `standard_error` carries every step: stacked estimating equations (Newey
/// and McFadden 1994, section 6); of two-step without a design or sampling weights the last step's
/// information and the sampling of the model's parameters (Bakk and Kuha 2018, eq. 12); of one-step
/// `one_step_errors`.
struct StepErrors {
  double standard_error = 0;
  /// Of the last step alone: the sandwich, as Mplus prints; of two-step its inverse information. One-step: as
  /// above.
  double step3_standard_error = 0;
  /// The last step's and the sampling of the model's parameters (Bakk, Oberski and Vermunt, Political
  /// Analysis 22 (2014) 520-540); NaN where the method has none.
  double corrected_standard_error = 0;
};

struct Coefficient {
  std::size_t component = 0;
  std::string name = {};
  double estimate = 0;
  StepErrors errors = {};
};

struct RelateTest {
  std::string name = {};
  double statistic = 0;  ///< Wald, chi-squared where the hypothesis is true
  double degrees_of_freedom = 0;
  double p_value = 0;
  double adjusted_p_value = 0;  ///< Benjamini and Hochberg (1995) over the pairs of one table; else the same
  double step3_statistic = 0;   ///< by the last step's standard errors alone, as Mplus prints it
};

/// What every relation tells of how it was made.
struct RelationBase {
  RelateMethod method = RelateMethod::kMl;  ///< that was taken, never kAuto
  bool chosen_by_entropy = false;           ///< by kAuto
  Assignment assignment = Assignment::kModal;
  std::optional<StandardErrorMethod> one_step_errors = {};  ///< nothing of other methods and replicates
  double log_likelihood =
      0;  ///< of the last step; of one- and two-step: of items (and outcome) given covariates
  std::size_t n_parameters = 0;
  std::size_t n_rows = 0;           ///< of the last step
  std::size_t n_left_out = 0;       ///< rows that answered something but lack a covariate
  std::size_t n_rows_of_model = 0;  ///< of the first step: rows that answered anything
  bool converged = false;
  std::size_t n_iter = 0;
  std::vector<double> classification = {};  ///< D, K × K row-major: P(assigned s | class k); ML and BCH
  double entropy = 0;                       ///< relative entropy of the model's posteriors, 1 is certain
  std::vector<std::string> warnings = {};   ///< sentences for people
};

/// A multinomial logit of the class: log P(k | x) / P(reference | x) = x β_k.
struct Relation : RelationBase {
  std::size_t reference = 0;
  std::size_t n_components = 0;
  std::vector<std::string> names = {};  ///< [P]
  std::vector<double> estimates = {};   ///< [K × P], 0 in the reference
  /// Covariance of the estimates, (K P)² row-major, 0 where the reference takes part.
  std::vector<double> covariance = {};
  std::vector<double> step3_covariance = {};
  std::vector<double> corrected_covariance = {};  ///< empty where the method has none
  std::vector<RelateTest> tests = {};             ///< a term each: all its coefficients are 0
  std::optional<Mixture> mixture =
      {};  ///< of one-step: the estimates of the items, with mean weights; else empty
};
/// All coefficients against component `reference`, (K − 1) P of them.
std::vector<Coefficient> coefficients(const Relation& relation, std::size_t reference);
/// P(k | x) of one row of a design matrix, [K].
std::vector<double> membership(const Relation& relation, std::span<const double> row);

/// P(k | x) as one variable moves from its least to its largest value, or over its categories, while the
/// others stay at their means, or at their most frequent category.
struct MembershipCurve {
  std::string name = {};
  std::vector<double> values = {};           ///< [n] of the variable
  std::vector<std::string> categories = {};  ///< [n] what they are called, where they are categories
  std::vector<double> shares = {};           ///< n × K row-major
};
/// One for each variable that `terms` name; `variables` and `terms` are those of the relation's design
/// matrix.
std::vector<MembershipCurve> membership_curves(const Relation& relation, std::span<const Variable> variables,
                                               std::span<const std::string> terms);

/// What one class has of an outcome.
struct ClassOutcome {
  std::size_t component = 0;
  std::string category = {};  ///< nominal: which one `mean` is the probability of; of two the second
  double mean = 0;            ///< of a binary outcome the probability of its second value
  double variance = 0;        ///< NaN where BCH's weights make it negative
  StepErrors errors = {};     ///< of the mean
};

/// Around the mean: symmetric in the log-odds of a probability and in the log of a mean count, so that it
/// stays where such means can be; by Student's t where `degrees_of_freedom` is finite.
Interval outcome_interval(const ClassOutcome& own, OutcomeKind kind, double level, double degrees_of_freedom);

struct OutcomeRelation : RelationBase {
  std::string name = {};
  OutcomeKind kind = OutcomeKind::kContinuous;
  std::size_t n_without_outcome = 0;       ///< rows that are used and tell of the classes' sizes alone
  std::vector<ClassOutcome> classes = {};  ///< K of them, or K · (C) for C > 2 categories, class by class
  std::vector<RelateTest> tests = {};      ///< all classes are equal; then each pair
};

/// Which of `design`'s covariates predict the class. Labels of `data` are ignored; rows whose covariates are
/// missing are left out of the last step only. Throws std::invalid_argument if sizes differ, with fewer than
/// two components, or too few rows.
///
/// Maximises Σ_i Σ_s W_is log Σ_k π_k(x_i) D_ks (ML), Σ_i Σ_k W*_ik log π_k(x_i) (BCH) or the likelihood of
/// the items. Cost: O(distinct rows · (K P)²) an iteration; one-step all parameters in place of K P.
Relation relate_covariates(const Mixture& mixture, const Dataset& data, const DesignMatrix& design,
                           const RelateOptions& options = {});

/// How an outcome differs between classes, by the same methods with P(k) in place of P(k | x) and the density
/// of the outcome in each class. Throws as above.
OutcomeRelation relate_outcome(const Mixture& mixture, const Dataset& data, const Variable& outcome,
                               OutcomeKind kind, const RelateOptions& options = {});

}  // namespace mixbern
