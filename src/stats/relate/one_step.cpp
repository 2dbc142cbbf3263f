#include "stats/relate/one_step.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "init/initialise.hpp"
#include "stats/matched.hpp"
#include "stats/relate/joint_likelihood.hpp"
#include "stats/relate/starts.hpp"

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Nats by which another maximum is a better one.
constexpr double kBetter = 1e-4;
// Newton steps from other starts: those that get anywhere take 25 or fewer, some never arrive.
constexpr std::size_t kStepsElsewhere = 50;

// The same mixture with the mean of P(k | x) as weights.
Mixture with_mean_weights(const Mixture& mixture, const ClassLikelihood& likelihood, const VectorXd& last) {
  VectorXd sums = VectorXd::Zero(likelihood.n_components());
  likelihood.for_each_block(
      last, [&](const TermBlock& block) { sums += block.priors.transpose() * block.weights; });
  const auto theta = mixture.probabilities();
  return {{sums.begin(), sums.end()}, {theta.begin(), theta.end()}, mixture.items()};
}

MatrixXd covariance_of(const JointLikelihood& joint, const VectorXd& all, const MatrixXd& bread,
                       const RowSample& sample) {
  const StandardErrorMethod method = *sample.options.one_step_errors;
  if (method == StandardErrorMethod::kObserved) return bread;
  const MatrixXd scores = joint.scores(all);
  const MatrixXd middle = middle_of(
      sample, scores, MatrixXd::Zero(static_cast<Eigen::Index>(sample.table.rows.n_rows()), scores.cols()));
  if (method == StandardErrorMethod::kOuterProduct) return invert(middle).inverse();
  return bread * middle * bread;
}

// A maximum of the joint likelihood, and the probabilities there.
struct Summit {
  Ascent ascent;
  Mixture mixture;
};

Summit climb(JointLikelihood joint, const ClassLikelihood& likelihood, const VectorXd& start,
             std::size_t max_iter) {
  const Objective objective{
      .value = [&](const VectorXd& all) { return joint.value(all); },
      .derivatives = [&](const VectorXd& all) { return joint.derivatives(all); },
      .is_beyond = [&](const VectorXd& all) { return likelihood.is_beyond(all.head(joint.n_last())); }};
  Ascent ascent = ascend(objective, joint.start(start), max_iter);
  Mixture mixture = joint.mixture(ascent.psi);
  return {std::move(ascent), std::move(mixture)};
}

}  // namespace

OneStep fit_one_step(const FirstStep& first, const ClassLikelihood& likelihood, Evidence& evidence,
                     const LastStarts& starts, std::size_t n_more, const RowSample& sample) {
  const PatternTable& table = first.table();
  const ItemSummary items = summarise_items(RowFacts(table.rows));
  const Prior prior = prior_of(sample.options.estimation, items);
  const auto from = [&](const Mixture& mixture, const VectorXd& start, std::size_t max_iter) {
    return climb({table, likelihood, evidence, prior, {mixture, free_inside(mixture)}}, likelihood, start,
                 max_iter);
  };
  const std::size_t max_iter = sample.options.max_iter;
  Summit best = from(first.mixture(), starts.at_model, max_iter);
  for (const Mixture& mixture : moved_mixtures(first.mixture(), n_more)) {
    evidence.log_given = log_given(mixture, table);
    const Ascent last = ascend(objective_of(likelihood), starts.plain, max_iter);
    Summit other = from(mixture, last.psi, std::min(max_iter, kStepsElsewhere));
    if (other.ascent.converged && other.ascent.at.value > best.ascent.at.value + kBetter)
      best = std::move(other);
  }

  const std::vector<std::size_t> order = matching_order(best.mixture, first.mixture());
  const Eigen::Index p = likelihood.n_parameters();
  const VectorXd last = permuted(best.ascent.psi.head(p), order, likelihood);
  const Mixture mixture = with_mean_weights(permuted(best.mixture, order), likelihood, last);
  const FreeParameters free =
      free_parameters(mixture, component_sums(mixture, table, {.threads = sample.options.threads}));
  JointLikelihood inside(table, likelihood, evidence, prior, ItemParameters(mixture, without_weights(free)));
  const VectorXd all = inside.start(last);
  const Derivatives at = inside.derivatives(all);
  const Covariance inverse = invert(at.observed());
  const MatrixXd covariance = covariance_of(inside, all, inverse.inverse(), sample);
  return {.mixture = mixture,
          .last = last,
          .covariance = covariance.topLeftCorner(p, p),
          .converged = best.ascent.converged,
          .n_iter = best.ascent.n_iter,
          .n_flat = inverse.n_singular(),
          .log_likelihood = at.value - inside.log_prior(mixture)};
}

}  // namespace mixbern
