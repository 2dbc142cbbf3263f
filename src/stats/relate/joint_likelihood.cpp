#include "stats/relate/joint_likelihood.hpp"

#include <utility>

#include "model/log_odds.hpp"
#include "stats/information.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

}  // namespace

JointLikelihood::JointLikelihood(const PatternTable& table, const ClassLikelihood& likelihood,
                                 Evidence& evidence, const Prior& prior, ItemParameters items)
    : table_(table), likelihood_(likelihood), evidence_(evidence), prior_(prior), items_(std::move(items)) {
  for (Index k = 0; k < likelihood.n_components(); ++k)
    free_.push_back(free_probabilities(items_.free(), static_cast<std::size_t>(k), table.rows.n_features()));
}

VectorXd JointLikelihood::start(const VectorXd& last) const {
  VectorXd all(n_last() + items_.size());
  all << last, items_.start();
  return all;
}

double JointLikelihood::log_prior(const Mixture& mixture) const {
  if (prior_.strength <= 0) return 0;
  LogOdds logs;
  logs.assign(mixture, prior_);
  return prior_.strength * logs.log_prior;
}

double JointLikelihood::value(const VectorXd& all) {
  const Mixture mixture = this->mixture(all);
  evidence_.log_given = log_given(mixture, table_);
  return likelihood_.value(all.head(n_last())) + log_prior(mixture);
}

Derivatives JointLikelihood::derivatives(const VectorXd& all) {
  const Mixture mixture = this->mixture(all);
  evidence_.log_given = log_given(mixture, table_);
  const Derivatives last = likelihood_.derivatives(all.head(n_last()));
  const StatementSums sums = sum_statements(likelihood_, all.head(n_last()));
  const Index p = n_last(), n = all.size();
  Derivatives result{.value = last.value + log_prior(mixture),
                     .gradient = VectorXd::Zero(n),
                     .complete = MatrixXd::Zero(n, n),
                     .missing = MatrixXd::Zero(n, n)};
  result.gradient.head(p) = last.gradient;
  result.complete.topLeftCorner(p, p) = last.complete;
  result.missing.topLeftCorner(p, p) = last.missing;
  for_each_answer_block(table_, [&](const AnswerBlock& block) { add_block(block, mixture, sums, result); });
  tie(mixture, sums, result);
  add_smoothing(mixture, result);
  return result;
}

void JointLikelihood::add_block(const AnswerBlock& block, const Mixture& mixture, const StatementSums& sums,
                                Derivatives& into) const {
  std::vector<Part> parts;
  for (std::size_t k = 0; k < free_.size(); ++k)
    parts.push_back({k, free_[k], residuals(block, mixture, k, free_[k])});
  for (const Part& part : parts) {
    add_own(block, mixture, part, sums, into);
    for (const Part& other : parts) add_pair(block.first, part, other, sums, into);
  }
}

// With s the score and U_k that of component k, Σ_k γ_k (U_k − s)(U_k − s)ᵀ has γ_l (U_l − s) r_lᵀ between
// the last step and the items of l.
void JointLikelihood::add_own(const AnswerBlock& block, const Mixture& mixture, const Part& part,
                              const StatementSums& sums, Derivatives& into) const {
  const Index n = block.values.rows(), p = n_last();
  const VectorXd shares = sums.posteriors.col(static_cast<Index>(part.component)).segment(block.first, n);
  const VectorXd gradient = part.residuals.transpose() * shares;
  const MatrixXd crossed =
      sums.deviations[part.component].middleRows(block.first, n).transpose() * part.residuals;
  for (std::size_t a = 0; a < part.free.positions.size(); ++a) {
    const Index at = p + part.at(a), d = part.free.features[a];
    const double theta = mixture.probabilities(part.component)[static_cast<std::size_t>(d)];
    into.gradient(at) += gradient(static_cast<Index>(a));
    into.complete(at, at) += theta * (1 - theta) * shares.dot(block.observed.col(d));
    into.missing.col(at).head(p) += crossed.col(static_cast<Index>(a));
    into.missing.row(at).head(p) += crossed.col(static_cast<Index>(a)).transpose();
  }
}

// … and (δ_kl γ_k − γ_k γ_l) r_k r_lᵀ between the items of k and l.
void JointLikelihood::add_pair(Index first, const Part& a, const Part& b, const StatementSums& sums,
                               Derivatives& into) const {
  const Index n = a.residuals.rows();
  VectorXd factor = -sums.products[a.component].col(static_cast<Index>(b.component)).segment(first, n);
  if (a.component == b.component)
    factor += sums.posteriors.col(static_cast<Index>(a.component)).segment(first, n);
  const MatrixXd product = a.residuals.transpose() * factor.asDiagonal() * b.residuals;
  for (std::size_t i = 0; i < a.free.positions.size(); ++i) {
    for (std::size_t j = 0; j < b.free.positions.size(); ++j)
      into.missing(n_last() + a.at(i), n_last() + b.at(j)) +=
          product(static_cast<Index>(i), static_cast<Index>(j));
  }
}

// Σ_i w_i γ_ik of the rows that answered, K × categorical items.
MatrixXd JointLikelihood::answered(const Mixture& mixture, const StatementSums& sums) const {
  const auto groups = mixture.items().groups();
  MatrixXd result = MatrixXd::Zero(likelihood_.n_components(), static_cast<Index>(groups.size()));
  if (groups.empty()) return result;
  for_each_answer_block(table_, [&](const AnswerBlock& block) {
    const auto shares = sums.posteriors.middleRows(block.first, block.values.rows());
    Index at = 0;
    for (const Items::Group& group : groups)
      result.col(at++) += shares.transpose() * block.observed.col(static_cast<Index>(group.first));
  });
  return result;
}

// Answers of one item exclude each other.
void JointLikelihood::tie(const Mixture& mixture, const StatementSums& sums, Derivatives& into) const {
  const Index p = n_last();
  const auto position = [&](std::size_t k, std::size_t d) {
    return items_.free().probabilities[k * mixture.n_features() + d];
  };
  const MatrixXd answered = this->answered(mixture, sums);
  Index item = 0;
  for (const Items::Group& group : mixture.items().groups()) {
    for (std::size_t k = 0; k < mixture.n_components(); ++k) {
      const auto theta = mixture.probabilities(k);
      for (std::size_t a = group.first; a < group.end(); ++a) {
        for (std::size_t b = group.first; b < group.end(); ++b) {
          if (a == b || position(k, a) == kNotFree || position(k, b) == kNotFree) continue;
          into.complete(p + position(k, a), p + position(k, b)) -=
              answered(static_cast<Index>(k), item) * theta[a] * theta[b];
        }
      }
    }
    ++item;
  }
}

void JointLikelihood::add_smoothing(const Mixture& mixture, Derivatives& into) const {
  const Index n = items_.size();
  Information smoothing{.observed = MatrixXd::Zero(n, n), .outer = {}, .gradient = VectorXd::Zero(n)};
  add_prior(mixture, items_.free(), prior_, smoothing);
  into.gradient.tail(n) += smoothing.gradient;
  into.complete.bottomRightCorner(n, n) += smoothing.observed;
}

MatrixXd JointLikelihood::scores(const VectorXd& all) const {
  const Mixture mixture = this->mixture(all);
  const Cells& cells = likelihood_.cells();
  MatrixXd scores = MatrixXd::Zero(static_cast<Index>(cells.size()), all.size());
  MatrixXd by_pattern(evidence_.log_given.rows(), items_.size());
  for (std::size_t k = 0; k < free_.size(); ++k) {
    for_each_answer_block(table_, [&](const AnswerBlock& block) {
      const MatrixXd part = residuals(block, mixture, k, free_[k]);
      for (std::size_t j = 0; j < free_[k].positions.size(); ++j)
        by_pattern.col(free_[k].positions[j]).segment(block.first, part.rows()) =
            part.col(static_cast<Index>(j));
    });
  }
  likelihood_.for_each_block(all.head(n_last()), [&](const TermBlock& block) {
    const auto first = static_cast<Index>(block.first);
    scores.block(first, 0, block.weights.size(), n_last()) = likelihood_.scores(block);
    for (Index i = 0; i < block.weights.size(); ++i) {
      const auto pattern = static_cast<Index>(cells.patterns[block.first + static_cast<std::size_t>(i)]);
      for (std::size_t k = 0; k < free_.size(); ++k) {
        for (const Index at : free_[k].positions)
          scores(first + i, n_last() + at) =
              block.posteriors(i, static_cast<Index>(k)) * by_pattern(pattern, at);
      }
    }
  });
  return scores;
}

}  // namespace mixbern
