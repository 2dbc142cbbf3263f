#include "stats/relate/steps.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Three-step estimates are biased, and their standard errors too small, below it (Vermunt 2010; Bakk and
// Vermunt, Structural Equation Modeling 23 (2016) 20-31).
constexpr double kLowEntropy = 0.6;

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

void refuse_few(const Cells& cells) {
  if (cells.size() == 0)
    throw std::invalid_argument(
        "no row that answered an item has all covariates and the outcome: there is nothing to relate");
}

}  // namespace

Relating::Relating(const Mixture& mixture, const Dataset& data, const RelateOptions& options)
    : mixture_(mixture),
      data_(data),
      options_(options),
      reference_(reference_of(mixture, options)),
      first_(mixture, data, options.estimation, options.threads),
      classification_(classify(first_, options.assignment)) {}

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
  const Objective objective{.value = [&](const VectorXd& psi) { return likelihood.value(psi); },
                            .derivatives = [&](const VectorXd& psi) { return likelihood.derivatives(psi); },
                            .is_beyond = [&](const VectorXd& psi) { return likelihood.is_beyond(psi); }};
  const Ascent last = ascend(objective, start(cells, outcome, likelihood), options_.max_iter);
  const RowSample sample{data_, first_.table(), cells, options_};
  told.log_likelihood = last.at.value;
  told.n_parameters = static_cast<std::size_t>(likelihood.n_parameters());
  if (options_.method == RelateMethod::kOneStep) {
    OneStep all = fit_one_step(first_, likelihood, evidence, last, sample);
    told.log_likelihood = all.log_likelihood;
    told.n_parameters += mixture_.n_parameters() - (mixture_.n_components() - 1);
    tell(cells, all.ascent, all.n_flat, told);
    return {all.ascent.psi.head(likelihood.n_parameters()), all.covariance, all.covariance, {}, all.mixture};
  }
  const StepCovariances covariances = step_covariances(likelihood, last, first_, classification_, sample);
  tell(cells, last, covariances.n_flat, told);
  return {last.psi, covariances.all, covariances.last, covariances.corrected, {}};
}

void Relating::tell(const Cells& cells, const Ascent& ascent, std::size_t n_flat, RelationBase& told) const {
  told.method = options_.method;
  told.assignment = options_.assignment;
  told.n_rows = cells.n_rows;
  told.n_left_out = cells.n_left_out;
  for (std::size_t i = 0; i < data_.n_rows(); ++i) {
    if (first_.table().pattern_of_row[i] != kNoPattern && data_.weight(i) > 0) ++told.n_rows_of_model;
  }
  told.converged = ascent.converged;
  told.n_iter = ascent.n_iter;
  told.entropy = classification_.entropy;
  if (three_steps(options_.method)) {
    const MatrixXd by_row = classification_.errors.transpose();
    told.classification.assign(by_row.data(), by_row.data() + by_row.size());
    if (told.entropy < kLowEntropy)
      told.warnings.emplace_back(
          "the classes are not well separated (relative entropy below 0.6): estimates from assigned classes "
          "are unsure there, and standard errors too small; two-step and one-step lose less");
  }
  if (!ascent.converged)
    told.warnings.emplace_back("the last step has not converged: its likelihood was still growing");
  if (n_flat > 0)
    told.warnings.emplace_back(
        "the likelihood is flat in " + std::to_string(n_flat) + (n_flat == 1 ? " direction" : " directions") +
        ": some estimates are not determined by the data, and standard errors hold given these");
}

}  // namespace mixbern
