#include "stats/information.hpp"

#include <cmath>

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::Index index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

// Sums over the rows of one component.
struct ComponentBlock {
  std::vector<std::size_t> items;       // its free items
  std::vector<std::ptrdiff_t> columns;  // and where they stand
  double count = 0;                     // Σ w γ
  VectorXd gradient;                    // Σ w γ (x − θ)
  VectorXd curvature;                   // Σ w γ θ (1 − θ) over observed cells
  MatrixXd squares;                     // Σ w γ (x − θ)(x − θ)ᵀ
};

class Sums {
 public:
  Sums(const Mixture& mixture, const FreeParameters& free) : mixture_(mixture), free_(free) {
    const std::size_t n_features = mixture.n_features();
    for (std::size_t k = 0; k < mixture.n_components(); ++k) {
      ComponentBlock block;
      for (std::size_t d = 0; d < n_features; ++d) {
        const std::ptrdiff_t column = free.probabilities[k * n_features + d];
        if (column == kNotFree) continue;
        block.items.push_back(d);
        block.columns.push_back(column);
      }
      const Eigen::Index n = index(block.items.size());
      block.gradient = VectorXd::Zero(n);
      block.curvature = VectorXd::Zero(n);
      block.squares = MatrixXd::Zero(n, n);
      components_.push_back(std::move(block));
    }
  }

  void add(const ScoreBlock& rows, const VectorXd& weights) {
    for (std::size_t k = 0; k < components_.size(); ++k) {
      ComponentBlock& block = components_[k];
      const VectorXd gamma = (weights.array() * rows.responsibilities.col(index(k)).array()).matrix();
      block.count += gamma.sum();
      MatrixXd residuals(gamma.size(), index(block.items.size()));
      for (std::size_t j = 0; j < block.items.size(); ++j) {
        const double theta = mixture_.probabilities(k)[block.items[j]];
        const auto seen = rows.observed.col(index(block.items[j]));
        residuals.col(index(j)) = rows.values.col(index(block.items[j])) - theta * seen;
        block.curvature(index(j)) += theta * (1 - theta) * gamma.dot(seen);
      }
      if (block.items.empty()) continue;  // Eigen refers to the first of no coefficients
      block.gradient.noalias() += residuals.transpose() * gamma;
      const MatrixXd weighted = gamma.cwiseMax(0).cwiseSqrt().asDiagonal() * residuals;
      block.squares.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
    }
  }

  // E[−∂²] − E[u uᵀ], added to `into`; `n` is the weight of all rows.
  void finish(double n, MatrixXd& into) const {
    add_weights(n, into);
    for (std::size_t k = 0; k < components_.size(); ++k) {
      const ComponentBlock& block = components_[k];
      for (std::size_t a = 0; a < block.items.size(); ++a) {
        const std::ptrdiff_t row = block.columns[a];
        into(row, row) += block.curvature(index(a));
        for (std::size_t b = 0; b < block.items.size(); ++b) {
          into(row, block.columns[b]) -= block.squares(index(std::max(a, b)), index(std::min(a, b)));
          if (a != b) into(row, block.columns[b]) -= tied(k, a, b);
        }
        for (std::size_t j = 0; j < components_.size(); ++j) {
          if (free_.weights[j] == kNotFree) continue;
          const double cross = weight_score(j, k) * block.gradient(index(a));
          into(free_.weights[j], row) -= cross;
          into(row, free_.weights[j]) -= cross;
        }
      }
    }
  }

 private:
  // Of two answers of one item, which exclude each other: n p q.
  double tied(std::size_t k, std::size_t a, std::size_t b) const {
    const ComponentBlock& block = components_[k];
    const Items::Group* group = mixture_.items().group_of(block.items[a]);
    if (group == nullptr || group != mixture_.items().group_of(block.items[b])) return 0;
    return block.curvature(index(a)) / (1 - theta(k, a)) * theta(k, b);
  }
  double theta(std::size_t k, std::size_t a) const {
    return mixture_.probabilities(k)[components_[k].items[a]];
  }

  // By weight a, of a row in component k.
  double weight_score(std::size_t a, std::size_t k) const {
    return mixture_.ties().holds_weight(k) ? 0 : (a == k ? 1.0 : 0.0) - free_.shares[a];
  }

  void add_weights(double n, MatrixXd& into) const {
    const std::vector<double>& pi = free_.shares;
    for (const auto& held : mixture_.ties().held_weights()) n -= components_[held.component].count;
    for (std::size_t a = 0; a < components_.size(); ++a) {
      for (std::size_t b = 0; b < components_.size(); ++b) {
        if (free_.weights[a] == kNotFree || free_.weights[b] == kNotFree) continue;
        double& entry = into(free_.weights[a], free_.weights[b]);
        entry += n * ((a == b ? pi[a] : 0.0) - pi[a] * pi[b]);
        for (std::size_t k = 0; k < components_.size(); ++k) {
          entry -= components_[k].count * weight_score(a, k) * weight_score(b, k);
        }
      }
    }
  }

  const Mixture& mixture_;
  const FreeParameters& free_;
  std::vector<ComponentBlock> components_;
};

void add_outer(const MatrixXd& scores, const VectorXd& factors, MatrixXd& into) {
  if (scores.cols() == 0) return;
  const MatrixXd weighted = factors.cwiseSqrt().asDiagonal() * scores;
  into.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
}

MatrixXd symmetric(const MatrixXd& lower) {
  return lower.selfadjointView<Eigen::Lower>();
}

}  // namespace

Information information(const Mixture& mixture, const PatternTable& table, const FreeParameters& free,
                        const std::vector<double>& outer_factors, const PosteriorOptions& options) {
  const Eigen::Index p = index(free.count);
  MatrixXd by_weight = MatrixXd::Zero(p, p), by_factor = MatrixXd::Zero(p, p);
  Information result{{}, {}, VectorXd::Zero(p)};
  const bool same = outer_factors == table.rows.weights;
  Sums sums(mixture, free);
  for_each_score_block(mixture, table.rows, free, options, [&](const ScoreBlock& block) {
    const Eigen::Index n = block.scores.rows();
    const VectorXd weights = Eigen::Map<const VectorXd>(table.rows.weights.data() + block.first, n);
    sums.add(block, weights);
    add_outer(block.scores, weights, by_weight);
    if (!same)
      add_outer(block.scores, Eigen::Map<const VectorXd>(outer_factors.data() + block.first, n), by_factor);
    if (p > 0) result.gradient.noalias() += block.scores.transpose() * weights;
  });
  result.observed = symmetric(by_weight);
  result.outer = same ? result.observed : symmetric(by_factor);
  sums.finish(table.n, result.observed);
  return result;
}

namespace {

// Of cell j.
void add_prior(const Mixture& mixture, const FreeParameters& free, const Prior& prior, std::size_t j,
               Information& into) {
  const std::ptrdiff_t column = free.probabilities[j];
  if (column == kNotFree) return;
  const std::size_t d = j % mixture.n_features();
  const auto n_answers = static_cast<double>(mixture.items().n_answers(d));
  const double theta = mixture.probabilities()[j];
  into.gradient(column) += n_answers * prior.strength * (prior.mean(d, n_answers) - theta);
  into.observed(column, column) += n_answers * prior.strength * theta * (1 - theta);
  const Items::Group* group = mixture.items().group_of(d);
  for (std::size_t e = group ? group->first : 0; group && e < group->end(); ++e) {
    const std::ptrdiff_t other = free.probabilities[j - d + e];
    if (other == kNotFree || other == column) continue;
    into.observed(column, other) -= n_answers * prior.strength * theta * mixture.probabilities()[j - d + e];
  }
}

}  // namespace

void add_prior(const Mixture& mixture, const FreeParameters& free, const Prior& prior, Information& into) {
  if (prior.strength <= 0) return;
  const auto n_components =
      static_cast<double>(mixture.n_components() - mixture.ties().held_weights().size());
  const std::vector<double>& pi = free.shares;
  for (std::size_t a = 0; a < pi.size(); ++a) {
    if (free.weights[a] == kNotFree) continue;
    into.gradient(free.weights[a]) += prior.strength * (1 - n_components * pi[a]);
    for (std::size_t b = 0; b < pi.size(); ++b) {
      if (free.weights[b] == kNotFree) continue;
      into.observed(free.weights[a], free.weights[b]) +=
          prior.strength * n_components * ((a == b ? pi[a] : 0.0) - pi[a] * pi[b]);
    }
  }
  for (std::size_t j = 0; j < free.probabilities.size(); ++j) add_prior(mixture, free, prior, j, into);
}

}  // namespace mixbern
