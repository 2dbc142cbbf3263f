#include "stats/relate/one_step.hpp"

#include "init/initialise.hpp"
#include "stats/relate/joint_likelihood.hpp"

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// The same mixture with the mean of P(k | x) as weights.
Mixture with_mean_weights(const Mixture& mixture, const ClassLikelihood& likelihood, const VectorXd& last) {
  VectorXd sums = VectorXd::Zero(likelihood.n_components());
  likelihood.for_each_block(
      last, [&](const TermBlock& block) { sums += block.priors.transpose() * block.weights; });
  const auto theta = mixture.probabilities();
  return {{sums.begin(), sums.end()}, {theta.begin(), theta.end()}, mixture.items()};
}

StandardErrorMethod errors_of(const RelateOptions& options) {
  const bool robust = options.design.given() || options.estimation.weights_kind == WeightsKind::kSampling;
  return robust ? StandardErrorMethod::kSandwich : options.one_step_errors;
}

MatrixXd covariance_of(const JointLikelihood& joint, const VectorXd& all, const MatrixXd& bread,
                       const RowSample& sample) {
  const StandardErrorMethod method = errors_of(sample.options);
  if (method == StandardErrorMethod::kObserved) return bread;
  const MatrixXd scores = joint.scores(all);
  const MatrixXd middle = middle_of(
      sample, scores, MatrixXd::Zero(static_cast<Eigen::Index>(sample.table.rows.n_rows()), scores.cols()));
  if (method == StandardErrorMethod::kOuterProduct) return invert(middle).inverse();
  return bread * middle * bread;
}

}  // namespace

OneStep fit_one_step(const FirstStep& first, const ClassLikelihood& likelihood, Evidence& evidence,
                     const Ascent& start, const RowSample& sample) {
  const PatternTable& table = first.table();
  const ItemSummary items = summarise_items(RowFacts(table.rows));
  const Prior prior = prior_of(sample.options.estimation, items);
  JointLikelihood joint(table, likelihood, evidence, prior,
                        ItemParameters(first.mixture(), free_inside(first.mixture())));
  const Objective objective{
      .value = [&](const VectorXd& all) { return joint.value(all); },
      .derivatives = [&](const VectorXd& all) { return joint.derivatives(all); },
      .is_beyond = [&](const VectorXd& all) { return likelihood.is_beyond(all.head(joint.n_last())); }};
  Ascent ascent = ascend(objective, joint.start(start.psi), sample.options.max_iter);

  const VectorXd last = ascent.psi.head(joint.n_last());
  const Mixture mixture = with_mean_weights(joint.mixture(ascent.psi), likelihood, last);
  const FreeParameters free =
      free_parameters(mixture, component_sums(mixture, table, {.threads = sample.options.threads}));
  JointLikelihood inside(table, likelihood, evidence, prior, ItemParameters(mixture, without_weights(free)));
  const VectorXd all = inside.start(last);
  const Derivatives at = inside.derivatives(all);
  const Covariance inverse = invert(at.observed());
  const MatrixXd covariance = covariance_of(inside, all, inverse.inverse(), sample);
  const Eigen::Index p = joint.n_last();
  return {.mixture = mixture,
          .ascent = std::move(ascent),
          .covariance = covariance.topLeftCorner(p, p),
          .n_flat = inverse.n_singular(),
          .log_likelihood = at.value - inside.log_prior(mixture)};
}

}  // namespace mixbern
