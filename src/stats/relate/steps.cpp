#include "stats/relate/steps.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Where rows are many, the maximum next to the model is the best.
std::size_t n_more_starts(std::size_t n_cells, std::size_t n_parameters) {
  constexpr double kMostWork = 2e7;  // of a Newton step
  constexpr std::size_t kMoreStarts = 10;
  const auto n = static_cast<double>(n_parameters);
  return static_cast<double>(n_cells) * n * n <= kMostWork ? kMoreStarts : 0;
}

bool three_steps(RelateMethod method) {
  return method == RelateMethod::kMl || method == RelateMethod::kBch;
}

std::size_t reference_of(const Mixture& mixture, const RelateOptions& options) {
  const std::size_t reference = options.reference.value_or(mixture.n_components() - 1);
  if (reference >= mixture.n_components())
    throw std::invalid_argument("the reference is component " + std::to_string(reference + 1) +
                                ", but the model has " + std::to_string(mixture.n_components()));
  return reference;
}

Assignment assignment_of(const RelateOptions& options) {
  return options.assignment.value_or(Assignment::kModal);
}

// An assignment that was asked for is one of three steps.
bool is_by_entropy(const RelateOptions& options) {
  return options.method == RelateMethod::kAuto && !options.assignment;
}

// Taken by entropy, one-step has standard errors of the same kind as ml has.
StandardErrorMethod one_step_errors_of(const RelateOptions& options, bool by_entropy) {
  if (options.design.given() || options.estimation.weights_kind == WeightsKind::kSampling)
    return StandardErrorMethod::kSandwich;
  return options.one_step_errors.value_or(by_entropy ? StandardErrorMethod::kSandwich
                                                     : StandardErrorMethod::kObserved);
}

RelateOptions settled(RelateOptions options, double entropy) {
  const bool by_entropy = is_by_entropy(options);
  options.one_step_errors = one_step_errors_of(options, by_entropy);
  if (options.method == RelateMethod::kAuto)
    options.method = by_entropy && entropy < kLeastEntropy ? RelateMethod::kOneStep : RelateMethod::kMl;
  options.assignment = assignment_of(options);
  return options;
}

// What is said where classes are not well separated; empty where they are, or where one-step was asked for.
std::string separation_warning(RelateMethod method, bool by_entropy, double entropy) {
  if (!(entropy < kLeastEntropy)) return "";
  const std::string poor = "the classes are not well separated (relative entropy below 0.7): ";
  if (by_entropy) return poor + "one-step was taken, as estimates by ml are biased there";
  if (method == RelateMethod::kOneStep) return "";
  return poor + "estimates by " + std::string(to_string(method)) +
         " are biased there, and their standard errors too small; one-step is better";
}

void refuse_few(const Cells& cells) {
  if (cells.size() == 0)
    throw std::invalid_argument(
        "no row that answered an item has all covariates and the outcome: there is nothing to relate");
}

}  // namespace

Relating::Relating(const Mixture& mixture, const Dataset& data, const RelateOptions& options)
    : mixture_(mixture),
      data_(data),
      reference_(reference_of(mixture, options)),
      first_(mixture, data, options.estimation, options.threads),
      classification_(classify(first_, assignment_of(options))),
      by_entropy_(is_by_entropy(options)),
      options_(settled(options, classification_.entropy)) {}

VectorXd Relating::start(const Cells& cells, const OutcomeModel* outcome,
                         const ClassLikelihood& likelihood) const {
  VectorXd psi = VectorXd::Zero(likelihood.n_parameters());
  const VectorXd& sizes = classification_.sizes;
  for (Index k = 0; k < sizes.size(); ++k) {
    if (likelihood.logit(k) >= 0)
      psi(likelihood.logit(k)) = std::log(sizes(k) / sizes(static_cast<Index>(reference_)));
    if (outcome == nullptr) continue;
    VectorXd weights = cells.weights;
    for (Index c = 0; c < weights.size(); ++c)
      weights(c) *= first_.posteriors()(static_cast<Index>(cells.patterns[static_cast<std::size_t>(c)]), k);
    psi.segment(likelihood.outcome(k), outcome->n_parameters()) = outcome->estimate(cells.outcomes, weights);
  }
  return psi;
}

Steps Relating::run(const Cells& cells, const OutcomeModel* outcome, RelationBase& told) const {
  refuse_few(cells);
  Evidence evidence = this->evidence();
  const ClassLikelihood likelihood(cells, evidence, outcome, mixture_.n_components(), reference_);
  const VectorXd plain = start(cells, outcome, likelihood);
  const Ascent last = ascend(objective_of(likelihood), plain, options_.max_iter);
  const RowSample sample{data_, first_.table(), cells, options_};
  told.log_likelihood = last.at.value;
  told.n_parameters = static_cast<std::size_t>(likelihood.n_parameters());
  if (options_.method == RelateMethod::kOneStep) {
    told.n_parameters += mixture_.n_parameters() - (mixture_.n_components() - 1);
    OneStep all = fit_one_step(first_, likelihood, evidence, {last.psi, plain},
                               n_more_starts(cells.size(), told.n_parameters), sample);
    told.log_likelihood = all.log_likelihood;
    tell(cells, {all.converged, all.n_iter, all.n_flat}, told);
    return {all.last, all.covariance, all.covariance, {}, all.mixture};
  }
  const StepCovariances covariances = step_covariances(likelihood, last, first_, classification_, sample);
  tell(cells, {last.converged, last.n_iter, covariances.n_flat}, told);
  return {last.psi, covariances.all, covariances.last, covariances.corrected, {}};
}

void Relating::tell(const Cells& cells, const End& end, RelationBase& told) const {
  told.method = options_.method;
  told.chosen_by_entropy = by_entropy_;
  told.assignment = assignment_of(options_);
  if (options_.method == RelateMethod::kOneStep) told.one_step_errors = options_.one_step_errors;
  told.n_rows = cells.n_rows;
  told.n_left_out = cells.n_left_out;
  for (std::size_t i = 0; i < data_.n_rows(); ++i) {
    if (first_.table().pattern_of_row[i] != kNoPattern && data_.weight(i) > 0) ++told.n_rows_of_model;
  }
  told.converged = end.converged;
  told.n_iter = end.n_iter;
  told.entropy = classification_.entropy;
  if (three_steps(options_.method)) {
    const MatrixXd by_row = classification_.errors.transpose();
    told.classification.assign(by_row.data(), by_row.data() + by_row.size());
  }
  if (std::string warning = separation_warning(options_.method, by_entropy_, told.entropy); !warning.empty())
    told.warnings.push_back(std::move(warning));
  if (!end.converged)
    told.warnings.emplace_back("the last step has not converged: its likelihood was still growing");
  if (end.n_flat > 0)
    told.warnings.emplace_back(
        "the likelihood is flat in " + std::to_string(end.n_flat) +
        (end.n_flat == 1 ? " direction" : " directions") +
        ": some estimates are not determined by the data, and standard errors hold given these");
}

}  // namespace mixbern
